package io.selvage.server.http;

import io.selvage.server.net.TcpInfo;
import io.selvage.server.tls.TlsInfo;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.OptionalLong;

/// The other end of a client's connection, as far as a handler may know it.
public interface Client {

    /// Where the connection comes from.
    SocketAddress remote();

    /// The host of [#remote] as people write it.
    String remoteHost();

    /// The address and port it came to.
    SocketAddress local();

    /// What a proxy said about the client before its first bytes (PROXY protocol).
    default Optional<ProxyHeader> proxyHeader() {
        return Optional.empty();
    }

    /// What the TLS handshake of the connection agreed on; empty for one without TLS.
    default Optional<TlsInfo> tls() {
        return Optional.empty();
    }

    /// Whether the connection is encrypted.
    default boolean secure() {
        return tls().isPresent();
    }

    /// [System#nanoTime()] when the connection was accepted, where that is known; `$connection_time`.
    default OptionalLong openedNanos() {
        return OptionalLong.empty();
    }

    /// The number of this connection since the start; `$connection`.
    long serial();

    /// Which request of this connection this is, from 1; `$connection_requests`.
    int requests();

    /// Whether the request was already there when the one before it was answered; `$pipe`.
    default boolean pipelined() {
        return false;
    }

    /// What the kernel measured of the connection; empty where that is not known; `$tcpinfo_rtt` and its like.
    default Optional<TcpInfo> tcpInfo() {
        return Optional.empty();
    }

    /// The client connections of the process now.
    default ConnectionCounts connections() {
        return ConnectionCounts.NONE;
    }

    /// Bytes sent on this connection for the current exchange until now, heads included; `$bytes_sent` while it is under way.
    long sent();

    /// Sends an interim answer, such as 103, before the final one. Does nothing for an HTTP/1.0 client.
    void interim(ResponseHead head) throws Failure;

    /// Watches for the end of the client's connection while the thread waits for something else, and runs `gone` once when it
    /// comes. `gone` runs on another thread and must not wait. The client must not be read or written until the watch is closed,
    /// and there is one watch at a time.
    DisconnectWatch watch(Runnable gone);
}
