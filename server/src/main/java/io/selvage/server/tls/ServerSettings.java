package io.selvage.server.tls;

import java.util.List;

/// The part of a [TlsPolicy] that sessions depend on: policies that are equal in it share a context of the engine.
record ServerSettings(TlsParameters parameters, List<String> alpn, ClientCertificates clientCertificates, TlsSessions sessions) {

    static ServerSettings of(TlsPolicy policy) {
        return new ServerSettings(policy.parameters(), policy.alpn(), policy.clientCertificates(), policy.sessions());
    }
}
