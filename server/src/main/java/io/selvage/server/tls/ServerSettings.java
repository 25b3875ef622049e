package io.selvage.server.tls;

import java.util.List;
import java.util.Optional;

/// What sessions depend on: connections that are equal in it share a context of the engine, and each can resume a session of
/// another.
///
/// @param certificate the fingerprint of the certificate that is shown, so that a session is resumed only where its certificate
///         would be shown again; empty where no handshake comes of it
record ServerSettings(TlsParameters parameters, List<String> alpn, ClientCertificates clientCertificates, TlsSessions sessions,
        String certificate, Optional<KeyLog> keyLog) {

    /// Of a connection.
    static ServerSettings of(TlsPolicy policy, CertifiedKey key) {
        return of(policy, key.fingerprint());
    }

    /// Of a policy, to see whether an engine can do what it says.
    static ServerSettings of(TlsPolicy policy) {
        return of(policy, "");
    }

    private static ServerSettings of(TlsPolicy policy, String certificate) {
        return new ServerSettings(policy.parameters(), policy.alpn(), policy.clientCertificates(), policy.sessions(),
                certificate, policy.keyLog());
    }

    /// Few settings have one certificate, and the hash of a text is remembered: this is asked for with each handshake.
    @Override
    public int hashCode() {
        return certificate.hashCode();
    }
}
