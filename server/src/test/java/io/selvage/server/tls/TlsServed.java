package io.selvage.server.tls;

import io.selvage.server.net.Connection;
import io.selvage.server.net.Io;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A server that answers the handshake of each client and then runs a conversation. What ends a connection is kept.
final class TlsServed implements AutoCloseable {
    static final Duration LONG = Duration.ofSeconds(50);

    private final ServerSocketChannel listening;
    private final Io io;
    private final TlsEngine engine;
    private final PolicyChooser chooser;
    private final Talk talk;
    private final Duration timeout;
    private final BlockingQueue<TlsInfo> infos = new LinkedBlockingQueue<>();
    private final BlockingQueue<Exception> failures = new LinkedBlockingQueue<>();

    /// What the server does on a connection.
    interface Talk {
        void run(TlsConnection connection) throws Exception;
    }

    TlsServed(Io io, TlsEngine engine, PolicyChooser chooser, Duration timeout, Talk talk) throws IOException {
        this.io = io;
        this.engine = engine;
        this.chooser = chooser;
        this.talk = talk;
        this.timeout = timeout;
        this.listening = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
        Thread.ofPlatform().daemon().start(this::acceptAll);
    }

    TlsServed(Io io, TlsEngine engine, TlsPolicy policy, Talk talk) throws IOException {
        this(io, engine, _ -> policy, LONG, talk);
    }

    private void acceptAll() {
        try {
            while (true) {
                SocketChannel channel = listening.accept();
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                io.serve(channel, (plain, _) -> serve(plain), () -> { });
            }
        } catch (ClosedChannelException | SocketException e) {
            // The test is over.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(Connection plain) {
        try (TlsConnection connection = engine.accept(plain, chooser, timeout)) {
            infos.add(connection.info());
            talk.run(connection);
        } catch (Exception e) {
            failures.add(e);
        }
    }

    InetSocketAddress address() {
        try {
            return (InetSocketAddress) listening.getLocalAddress();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What the next handshake agreed on.
    TlsInfo info() throws InterruptedException {
        TlsInfo info = infos.poll(50, TimeUnit.SECONDS);
        if (info == null) {
            throw new AssertionError("no handshake was complete", failures.poll());
        }
        return info;
    }

    /// What ended the next connection that failed.
    Exception failure() throws InterruptedException {
        return failures.take();
    }

    /// Whether some connection failed that [#failure] has not given.
    boolean hasFailed() {
        return !failures.isEmpty();
    }

    /// Sends everything back until the end.
    static void echo(TlsConnection connection) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(0);
        while (true) {
            bytes = connection.awaitBytes(bytes, 1000, LONG);
            if (bytes.position() == 0) {
                return;
            }
            connection.write(bytes.flip(), LONG);
            bytes.clear();
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
