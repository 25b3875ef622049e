package io.selvage.server.module;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Template;
import io.selvage.server.tls.CertifiedKey;
import io.selvage.server.tls.KeyCache;
import io.selvage.server.tls.KeyPairFiles;
import io.selvage.server.tls.TlsFileException;
import java.io.IOException;
import java.util.function.BiFunction;

/// A certificate whose name has variables, so that it is known only when a client connects or a request is passed on.
///
/// @param certificate the name of its file
/// @param key the name of the file with its key
/// @param folder for relative names; empty for the working directory
/// @param files makes the pair of the two names
record VaryingKey(Template certificate, Template key, String folder, BiFunction<String, String, KeyPairFiles> files,
        KeyCache cache) {

    /// The certificate for an exchange. The calling virtual thread parks while it is read.
    ///
    /// @throws IOException if its files cannot be used
    CertifiedKey of(Exchange exchange) throws IOException {
        return cache.get(files.apply(resolved(certificate, exchange), resolved(key, exchange)));
    }

    private String resolved(Template text, Exchange exchange) throws TlsFileException {
        String name = text.apply(exchange);
        if (name.isEmpty()) {
            throw new TlsFileException("cannot load certificate \"" + text + "\": its name is empty");
        }
        return folder.isEmpty() || name.startsWith("/") || name.startsWith(KeyPairFiles.DATA) ? name : folder + "/" + name;
    }
}
