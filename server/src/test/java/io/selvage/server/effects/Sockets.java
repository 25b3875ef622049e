package io.selvage.server.effects;

import io.selvage.server.net.Io;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.channels.SocketChannel;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// Looks at the sockets of the connections that a server accepts.
final class Sockets {
    private final BlockingQueue<SocketChannel> accepted = new LinkedBlockingQueue<>();

    /// The same, with each channel that it is given recorded.
    Io recording(Io io) {
        return (Io) Proxy.newProxyInstance(Io.class.getClassLoader(), new Class<?>[] {Io.class}, (_, method, arguments) -> {
            if (arguments != null) {
                for (Object argument : arguments) {
                    if (argument instanceof SocketChannel channel) {
                        accepted.add(channel);
                    }
                }
            }
            try {
                return method.invoke(io, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
    }

    /// The channel of the next connection.
    SocketChannel next() throws InterruptedException {
        return accepted.take();
    }
}
