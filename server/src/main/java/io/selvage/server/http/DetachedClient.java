package io.selvage.server.http;

import io.selvage.server.net.TcpInfo;
import io.selvage.server.tls.TlsInfo;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.OptionalLong;

/// A client as a subrequest in the background sees it: it has the same addresses, but its connection is neither watched nor
/// written, since another thread uses it.
record DetachedClient(Client client) implements Client {

    @Override
    public SocketAddress remote() {
        return client.remote();
    }

    @Override
    public String remoteHost() {
        return client.remoteHost();
    }

    @Override
    public SocketAddress local() {
        return client.local();
    }

    @Override
    public Optional<ProxyHeader> proxyHeader() {
        return client.proxyHeader();
    }

    @Override
    public boolean secure() {
        return client.secure();
    }

    @Override
    public Optional<TlsInfo> tls() {
        return client.tls();
    }

    @Override
    public OptionalLong openedNanos() {
        return client.openedNanos();
    }

    @Override
    public long serial() {
        return client.serial();
    }

    @Override
    public int requests() {
        return client.requests();
    }

    @Override
    public ConnectionCounts connections() {
        return client.connections();
    }

    @Override
    public Optional<TcpInfo> tcpInfo() {
        return client.tcpInfo();
    }

    @Override
    public boolean pipelined() {
        return client.pipelined();
    }

    @Override
    public long sent() {
        return 0;
    }

    /// Does nothing.
    @Override
    public void interim(ResponseHead head) {
    }

    /// Sees nothing.
    @Override
    public DisconnectWatch watch(Runnable gone) {
        return DisconnectWatch.NONE;
    }
}
