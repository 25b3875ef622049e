package io.selvage.server.wiring;

import io.selvage.server.net.ConnectionHandler;
import io.selvage.server.net.Connector;
import io.selvage.server.net.Io;
import java.nio.channels.SocketChannel;

/// The I/O of a configuration that does not run: it has one place, and no connection can be opened or served.
final class IdleIo implements Io {

    @Override
    public void serve(SocketChannel channel, ConnectionHandler handler, Runnable whenClosed) {
        throw new IllegalStateException("the configuration does not run");
    }

    @Override
    public void fork(Runnable task) {
        throw new IllegalStateException("the configuration does not run");
    }

    @Override
    public Connector connector() {
        throw new IllegalStateException("the configuration does not run");
    }

    @Override
    public String name() {
        return "none";
    }
}
