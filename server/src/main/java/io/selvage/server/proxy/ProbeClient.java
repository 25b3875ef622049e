package io.selvage.server.proxy;

import io.selvage.server.http.Client;
import io.selvage.server.http.DisconnectWatch;
import io.selvage.server.http.ResponseHead;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/// Who asks in a probe: this machine itself, without a connection.
record ProbeClient() implements Client {
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

    @Override
    public long serial() {
        return 0;
    }

    @Override
    public int requests() {
        return 1;
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
