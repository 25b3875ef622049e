package io.selvage.server.proxy;

import io.selvage.server.http.UnconnectedClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/// Who asks in a probe: this machine itself, without a connection.
record ProbeClient() implements UnconnectedClient {
    private static final SocketAddress HERE = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);

    @Override
    public SocketAddress remote() {
        return HERE;
    }

    @Override
    public String remoteHost() {
        return "127.0.0.1";
    }

    @Override
    public SocketAddress local() {
        return HERE;
    }
}
