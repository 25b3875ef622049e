package io.selvage.server.tls;

import java.io.IOException;
import java.util.List;

/// Where a server's certificates come from. Asked for every connection, so what it answers can change at any time.
@FunctionalInterface
public interface CertificateSource {

    /// The keys that may answer a client, best first: usually one, or an ECDSA and an RSA one, of which the engine takes the
    /// first that the client can check.
    ///
    /// Called on the connection's virtual thread before the engine starts. It may park, but a file is to be read by
    /// [io.selvage.server.engine.BlockingExecutor]. It counts in the time that the handshake may take.
    ///
    /// @return no key to refuse the handshake ([TlsException.Kind#NO_CERTIFICATE])
    /// @throws IOException as no key, with the message as the reason
    List<CertifiedKey> keysFor(ClientHello hello) throws IOException;

    /// The same keys for every client.
    static CertificateSource of(CertifiedKey... keys) {
        List<CertifiedKey> all = List.of(keys);
        return _ -> all;
    }
}
