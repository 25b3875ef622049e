package io.selvage.server.net;

import io.selvage.server.net.helidon.Listener;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Handlers that wrap a connection and pass it on, and threads without a connection.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class WrappedConnectionTest {
    private static final Duration LONG = Duration.ofSeconds(50);
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @Parameter
    private Io io;
    private final BlockingQueue<String> calls = new LinkedBlockingQueue<>();

    /// A connection that notes what is called, and is of no class of the product.
    private Connection wrap(Connection inner) {
        return (Connection) Proxy.newProxyInstance(Connection.class.getClassLoader(), new Class<?>[] {Connection.class},
                (_, method, arguments) -> {
                    calls.add(method.getName());
                    try {
                        return method.invoke(inner, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /// Reads a line of its own, then passes the wrapped connection on.
    private ConnectionHandler firstLine(ConnectionHandler next) {
        return (connection, draining) -> {
            try {
                ByteBuffer line = ByteBuffer.allocate(6);
                while (line.hasRemaining()) {
                    connection.read(line, LONG);
                }
                calls.add(new String(line.array(), ISO_8859_1).strip());
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            next.serve(wrap(connection), draining);
        };
    }

    private Listener open(ConnectionHandler handler) throws IOException {
        return Listener.open(ANY_PORT, ListenOptions.DEFAULT, new ConnectionLimit(10, io, _ -> { }), io, _ -> { }, handler);
    }

    @Test
    void theNextHandlerIsServedByTheWrappedConnection() throws Exception {
        ConnectionHandler last = (connection, _) -> {
            try {
                ByteBuffer bytes = connection.awaitBytes(ByteBuffer.allocate(0), 100, LONG).flip();
                connection.unread(bytes.slice());
                connection.write(bytes, LONG);
                ByteBuffer again = ByteBuffer.allocate(100);
                connection.readNow(again);
                connection.write(new ByteBuffer[] {again.flip()}, LONG);
                connection.shutdownOutput();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        };
        Listener listener = open(firstLine(last));
        try (SocketChannel client = SocketChannel.open(listener.address())) {
            client.write(ByteBuffer.wrap("PROXY\nhi".getBytes(ISO_8859_1)));
            assertEquals("hihi", new String(Channels.newInputStream(client).readAllBytes(), ISO_8859_1));
        } finally {
            assertTrue(listener.close(LONG));
        }
        assertEquals(List.of("PROXY", "awaitBytes", "unread", "write", "readNow", "write", "shutdownOutput"), List.copyOf(calls));
    }

    @Test
    void drainingReachesTheLastHandlerOfAChain() throws Exception {
        CompletableFuture<String> asked = new CompletableFuture<>();
        CompletableFuture<String> serving = new CompletableFuture<>();
        ConnectionHandler last = (_, draining) -> {
            draining.whenRequested(() -> asked.complete("asked"));
            serving.complete("serving");
            asked.join();
        };
        Listener listener = open(firstLine(last));
        try (SocketChannel client = SocketChannel.open(listener.address())) {
            client.write(ByteBuffer.wrap("PROXY\n".getBytes(ISO_8859_1)));
            assertEquals("serving", serving.get());
            assertTrue(listener.close(LONG));
            assertEquals("asked", asked.get());
        }
    }

    @Test
    void aThreadWithoutAConnectionMayOpenOne() throws Exception {
        CompletableFuture<String> answer = new CompletableFuture<>();
        try (ServerSocket peer = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            io.fork(() -> {
                try (Connection connection = io.connector().connect(peer.getLocalSocketAddress(), LONG)) {
                    ByteBuffer bytes = ByteBuffer.allocate(2);
                    while (bytes.hasRemaining()) {
                        connection.read(bytes, LONG);
                    }
                    answer.complete(new String(bytes.array(), ISO_8859_1) + io.place() / io.places());
                } catch (IOException e) {
                    answer.completeExceptionally(e);
                }
            });
            peer.accept().getOutputStream().write("ok".getBytes(ISO_8859_1));
            assertEquals("ok0", answer.get());
        }
    }
}
