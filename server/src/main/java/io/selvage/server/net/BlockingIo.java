package io.selvage.server.net;

import io.selvage.server.engine.EngineMissing;
import io.selvage.server.engine.SelfTest;
import io.selvage.server.engine.ThreadRegistry;
import java.io.IOException;
import java.nio.channels.SocketChannel;

/// Blocking channels on virtual threads that the JDK schedules: nothing but what the JDK promises.
record BlockingIo() implements Io {
    static {
        try {
            SelfTest.warmUpPollers();
        } catch (EngineMissing e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void serve(SocketChannel channel, ConnectionHandler handler, Runnable whenClosed) throws IOException {
        ChannelConnection.closingOnFailure(channel, () -> {
            var connection = new BlockingConnection(channel, channel.getRemoteAddress(), channel.getLocalAddress());
            ThreadRegistry.start(connection, connection.serving(handler, whenClosed));
        });
    }

    @Override
    public void fork(Runnable task) {
        ThreadRegistry.start("background", task);
    }

    @Override
    public Connector connector() {
        return (to, socket, patience) -> {
            SocketChannel channel = ChannelConnection.openFor(to, socket);
            return BlockingConnection.connect(channel, to, patience);
        };
    }

    @Override
    public String name() {
        return "jdk";
    }
}
