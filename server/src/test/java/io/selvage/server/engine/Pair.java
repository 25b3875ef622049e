package io.selvage.server.engine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/// The two ends of a connection: a near one that is non-blocking, and a far one that is blocking.
record Pair(SocketChannel near, SocketChannel far) implements AutoCloseable {

    static Pair open() throws IOException {
        try (ServerSocketChannel listening = ServerSocketChannel.open()
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            SocketChannel far = SocketChannel.open(listening.getLocalAddress());
            SocketChannel near = listening.accept();
            near.configureBlocking(false);
            return new Pair(near, far);
        }
    }

    void send(int value) throws IOException {
        far.write(ByteBuffer.wrap(new byte[] {(byte) value}));
    }

    /// Ends it as a process that is killed does.
    void reset() throws IOException {
        far.setOption(StandardSocketOptions.SO_LINGER, 0);
        far.close();
    }

    @Override
    public void close() throws IOException {
        near.close();
        far.close();
    }
}
