package io.selvage.server.tls;

import java.util.List;
import java.util.Optional;

/// How Selvage behaves as a client toward a group of peers. Immutable; any number of connections may use one at once. What
/// depends on the peer or on the request is in [TlsTarget].
///
/// @param parameters versions, ciphers and groups
/// @param trust how the peer's certificate is verified; empty to accept any
/// @param alpn names of application protocols that are offered, best first; may be empty
/// @param reusesSessions whether a connection resumes a session of an earlier one with an equal policy, to the same address and
///         with an equal target
/// @param keyLog gets the secrets of connections (`proxy_ssl_key_log`); empty for none
public record TlsClientPolicy(TlsParameters parameters, Optional<PeerTrust> trust, List<String> alpn, boolean reusesSessions,
        Optional<KeyLog> keyLog) {
    /// Verifies nothing, as nginx does by default.
    public static final TlsClientPolicy DEFAULT = new TlsClientPolicy(TlsParameters.DEFAULT, Optional.empty(), List.of(), true,
            Optional.empty());

    public TlsClientPolicy {
        alpn = List.copyOf(alpn);
    }

    /// The same policy, but a peer whose certificate is not verified is refused.
    public TlsClientPolicy with(PeerTrust verifying) {
        return new TlsClientPolicy(parameters, Optional.of(verifying), alpn, reusesSessions, keyLog);
    }

    /// The same policy with other parameters.
    public TlsClientPolicy with(TlsParameters others) {
        return new TlsClientPolicy(others, trust, alpn, reusesSessions, keyLog);
    }

    /// The same policy with these application protocols, best first, in place of its own; none to offer no ALPN.
    public TlsClientPolicy withAlpn(String... names) {
        return new TlsClientPolicy(parameters, trust, List.of(names), reusesSessions, keyLog);
    }

    /// The same policy, but each connection makes a full handshake.
    public TlsClientPolicy withoutReuse() {
        return new TlsClientPolicy(parameters, trust, alpn, false, keyLog);
    }
}
