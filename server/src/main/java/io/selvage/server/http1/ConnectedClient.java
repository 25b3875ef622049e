package io.selvage.server.http1;

import io.selvage.server.http.Client;
import io.selvage.server.http.ConnectionCounts;
import io.selvage.server.http.ProxyHeader;
import io.selvage.server.net.TcpInfo;
import io.selvage.server.tls.TlsInfo;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.OptionalLong;

/// The client of a request, as far as its connection tells about it.
public abstract class ConnectedClient implements Client {
    private final ClientConnection connection;

    protected ConnectedClient(ClientConnection connection) {
        this.connection = connection;
    }

    @Override
    public final SocketAddress remote() {
        return connection.connection().remote();
    }

    @Override
    public final String remoteHost() {
        return connection.remoteHost();
    }

    @Override
    public final SocketAddress local() {
        return connection.connection().local();
    }

    @Override
    public final Optional<ProxyHeader> proxyHeader() {
        return connection.proxyHeader();
    }

    @Override
    public final Optional<TlsInfo> tls() {
        return connection.tls();
    }

    @Override
    public final OptionalLong openedNanos() {
        return OptionalLong.of(connection.openedNanos());
    }

    @Override
    public final long serial() {
        return connection.serial();
    }

    @Override
    public final ConnectionCounts connections() {
        return connection.counts();
    }

    @Override
    public final Optional<TcpInfo> tcpInfo() {
        return connection.connection().tcpInfo();
    }
}
