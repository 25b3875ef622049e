package io.selvage.server.tls;

import java.util.List;
import java.util.Optional;

/// The part of a [TlsClientPolicy] that sessions depend on. The trust is among them: a session that was not verified, or in
/// another way, is not resumed.
record ClientSettings(TlsParameters parameters, Optional<PeerTrust> trust, List<String> alpn, boolean reusesSessions,
        Optional<KeyLog> keyLog) {

    static ClientSettings of(TlsClientPolicy policy) {
        return new ClientSettings(policy.parameters(), policy.trust(), policy.alpn(), policy.reusesSessions(),
                policy.keyLog());
    }
}
