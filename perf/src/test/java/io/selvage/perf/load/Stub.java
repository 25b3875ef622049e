package io.selvage.perf.load;

import io.selvage.perf.http.Destination;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// A server on the loopback whose test decides how it handles each request. One virtual thread per connection.
public final class Stub implements AutoCloseable {
    /// Handles request number `n`, counted from 1 over all connections.
    public interface Behaviour {
        /// @return false to close the connection
        boolean answer(Caller caller, int n) throws Exception;
    }

    /// One connection, after a request was read from it.
    public record Caller(SocketChannel channel, String requestLine) {
        public void send(String text) throws IOException {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }

        public void reset() throws IOException {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            channel.close();
        }
    }

    private final ServerSocketChannel listener;
    private final Behaviour behaviour;
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
    private final Thread accepting;
    private final AtomicInteger requests = new AtomicInteger();

    public Stub(Behaviour behaviour) throws IOException {
        this(ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024), behaviour);
    }

    public Stub(Path socket, Behaviour behaviour) throws IOException {
        this(ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket)), behaviour);
    }

    private Stub(ServerSocketChannel listener, Behaviour behaviour) {
        this.listener = listener;
        this.behaviour = behaviour;
        this.accepting = Thread.ofPlatform().daemon().start(this::accept);
    }

    /// Answers every request with this text and keeps the connection.
    public static Stub answering(String text) throws IOException {
        return new Stub((caller, n) -> {
            caller.send(text);
            return true;
        });
    }

    public String url() {
        try {
            SocketAddress address = listener.getLocalAddress();
            return address instanceof InetSocketAddress tcp ? "http://127.0.0.1:" + tcp.getPort() : "http://unix:" + address;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public Destination destination() throws Exception {
        return Destination.parse(url()).destination();
    }

    public int requests() {
        return requests.get();
    }

    /// The number of accepted connections, including those that only checked whether the server is there.
    public int connections() {
        return open.size();
    }

    /// Closes everything. After it returns, the port refuses connections.
    @Override
    public void close() {
        try {
            listener.close();
            accepting.join();
            for (SocketChannel each : open) {
                each.close();
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel channel = listener.accept();
                open.add(channel);
                Thread.ofVirtual().start(() -> serve(channel));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(SocketChannel channel) {
        try (channel) {
            var in = new BufferedReader(new InputStreamReader(Channels.newInputStream(channel), StandardCharsets.ISO_8859_1));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                int length = 0;
                for (String field = in.readLine(); field != null && !field.isEmpty(); field = in.readLine()) {
                    if (field.startsWith("Content-Length: ")) {
                        length = Integer.parseInt(field.substring(16));
                    }
                }
                in.skip(length);
                int n = requests.incrementAndGet();
                if (!behaviour.answer(new Caller(channel, line), n)) {
                    return;
                }
            }
        } catch (Exception e) {
            // the client closed
        }
    }
}
