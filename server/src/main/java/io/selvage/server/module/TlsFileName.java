package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.http.Template;
import io.selvage.server.tls.KeyPairFiles;

/// The name of a file with a certificate or a key, or `data:` and the PEM text itself. May have variables in it.
///
/// @param text relative names are meant in the folder of the configuration
record TlsFileName(Template text) {
    static TlsFileName read(Argument argument) {
        String name = argument.text();
        if (name.startsWith("engine:") || name.startsWith("store:")) {
            argument.notBuilt();
        }
        boolean named = !name.startsWith(KeyPairFiles.DATA) && !name.isEmpty();
        if (name.isEmpty()) {
            argument.refuse("the name of a file");
        }
        return new TlsFileName(named ? argument.configPathTemplate() : argument.template());
    }

    /// Whether it is the certificate that the server orders itself.
    boolean isOrdered() {
        return text.toString().equals("${acme_certificate}");
    }

    /// Whether the name is known before a client connects.
    boolean isFixed() {
        return text.isLiteral();
    }

    /// The name, if it is fixed.
    String fixed() {
        return text.start();
    }
}
