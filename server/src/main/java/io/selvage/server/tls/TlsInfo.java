package io.selvage.server.tls;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/// What a handshake agreed on. Immutable; any thread, also after the connection was closed. Values are computed when they are
/// asked for.
public interface TlsInfo {

    /// The version, as [TlsVersion#text].
    String protocol();

    /// The cipher suite by its OpenSSL name, such as `TLS_AES_128_GCM_SHA256` or `ECDHE-RSA-AES128-GCM-SHA256`.
    String cipher();

    /// The cipher suites that the client offered in its order, by their OpenSSL names, or as `0x1301` where there is none. Those
    /// that mean nothing (RFC 8701, RFC 7507, RFC 5746) are among them. Empty on connections to peers.
    List<String> clientCiphers();

    /// The groups that the client offered in its order, by the names of OpenSSL, or as `0x001d` where there is none. Empty on
    /// connections to peers.
    List<String> clientGroups();

    /// The group of the key exchange by its OpenSSL name, if the engine tells.
    Optional<String> group();

    /// The id of the session, in lower-case hexadecimal digits; empty where there is none.
    String sessionId();

    /// Whether an earlier session was resumed.
    boolean isReused();

    /// The name that the client asked for (RFC 6066 §3), in lower case. On connections to peers, the one that was sent.
    Optional<String> serverName();

    /// The application protocol that was agreed on (RFC 7301).
    Optional<String> alpn();

    /// The names of the application protocols that the client offered, in its order. Empty on connections to peers.
    List<String> clientAlpn();

    /// The certificates of the other side, its own first; none if it has shown none.
    List<X509Certificate> peerChain();

    /// What came of their verification.
    PeerVerification verification();

    /// Whether data was received before the handshake was complete. Always false for engines that lack
    /// [TlsCapability#EARLY_DATA].
    default boolean isEarlyData() {
        return false;
    }
}
