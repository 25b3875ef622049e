package io.selvage.server.tls;

import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLEngine;

/// Where [SSLEngine]s come from, and what they can do beyond its methods. Any thread.
interface EngineProvider {

    /// As [TlsEngine#name].
    String name();

    /// As [TlsEngine#version].
    String version();

    Set<TlsCapability> capabilities();

    /// OpenSSL names of cipher suites, those of TLS 1.3 among them.
    Set<String> ciphers();

    /// OpenSSL names of groups.
    Set<String> groups();

    /// True if a handshake computes for so long that it must not do that on a carrier.
    boolean computesLong();

    /// True if an engine that has failed to read sends an alert first, and throws only when it is made to write once more.
    boolean failsLater();

    /// What all connections under equal settings share.
    ServerContext server(ServerSettings settings) throws GeneralSecurityException;

    /// What all connections under equal settings share.
    ClientContext client(ClientSettings settings) throws GeneralSecurityException;

    /// Why a key cannot be used; empty if it can.
    Optional<String> whyUnusable(CertifiedKey key);

    /// Whether the session is an earlier one.
    ///
    /// @param startedMillis when the handshake began, [System#currentTimeMillis]
    boolean isReused(SSLEngine engine, long startedMillis);

    /// True if [#group] tells the group of the key exchange.
    boolean tellsGroup();

    /// The OpenSSL name of the group of the key exchange, if the engine tells.
    Optional<String> group(SSLEngine engine);

    /// Frees what belongs to an engine. It can then still be called, but does nothing.
    void free(SSLEngine engine);

    /// Makes engines for clients' connections.
    interface ServerContext {

        /// @param key the one to show; one that the provider can use
        /// @throws GeneralSecurityException if it cannot be used nevertheless
        SSLEngine engine(CertifiedKey key, ClientHello hello) throws GeneralSecurityException;
    }

    /// Makes engines for connections to peers.
    interface ClientContext {

        /// @param sessions the name of the sessions that may be resumed
        SSLEngine engine(TlsTarget target, String sessions);
    }
}
