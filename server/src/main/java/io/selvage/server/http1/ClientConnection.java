package io.selvage.server.http1;

import io.selvage.server.http.ConnectionCounts;
import io.selvage.server.http.ProxyHeader;
import io.selvage.server.net.AddressText;
import io.selvage.server.net.Connection;
import io.selvage.server.net.ConnectionLimit;
import io.selvage.server.tls.TlsConnection;
import io.selvage.server.tls.TlsInfo;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A client's connection as all its requests know it, with any version of HTTP. Threads of the connection only.
public final class ClientConnection {
    private final Connection connection;
    private final ConnectionLimit limit;
    private final long serial;
    private final long openedNanos;
    private final Optional<ProxyHeader> proxyHeader;
    private final Optional<TlsInfo> tls;
    private volatile @Nullable String remoteHost;      // set by the first use

    /// @param limit counts the connection
    /// @param serial of the connection since the start
    /// @param openedNanos [System#nanoTime] when it was accepted
    /// @param proxyHeader what a proxy said about the client before its first bytes
    public ClientConnection(Connection connection, ConnectionLimit limit, long serial, long openedNanos,
            Optional<ProxyHeader> proxyHeader) {
        this.connection = connection;
        this.limit = limit;
        this.serial = serial;
        this.openedNanos = openedNanos;
        this.proxyHeader = proxyHeader;
        this.tls = connection instanceof TlsConnection encrypted ? Optional.of(encrypted.info()) : Optional.empty();
    }

    Connection connection() {
        return connection;
    }

    long serial() {
        return serial;
    }

    /// [System#nanoTime] when it was accepted.
    public long openedNanos() {
        return openedNanos;
    }

    Optional<ProxyHeader> proxyHeader() {
        return proxyHeader;
    }

    Optional<TlsInfo> tls() {
        return tls;
    }

    ConnectionCounts counts() {
        return new ConnectionCounts(limit.accepted(), limit.requests(), limit.active(), limit.reading(), limit.waiting());
    }

    String remoteHost() {
        String known = remoteHost;
        if (known == null) {
            known = AddressText.host(connection.remote());
            remoteHost = known;
        }
        return known;
    }
}
