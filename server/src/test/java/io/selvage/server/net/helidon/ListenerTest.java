package io.selvage.server.net.helidon;

import io.selvage.server.engine.Carriers;
import io.selvage.server.net.Connection;
import io.selvage.server.net.ConnectionHandler;
import io.selvage.server.net.ConnectionLimit;
import io.selvage.server.net.DrainSignal;
import io.selvage.server.net.Io;
import io.selvage.server.net.ListenOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class ListenerTest {
    private static final Duration LONG = Duration.ofSeconds(50);
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @Parameter
    private Io io;
    private final BlockingQueue<String> warnings = new LinkedBlockingQueue<>();

    private Listener open(SocketAddress address, ConnectionHandler handler) throws IOException {
        return Listener.open(address, ListenOptions.DEFAULT, new ConnectionLimit(100, io, warnings::add), io, warnings::add,
                handler);
    }

    @Test
    void everyConnectionGetsItsOwnChannel() throws Exception {
        try (Open open = new Open(open(ANY_PORT, ListenerTest::echo))) {
            for (String word : List.of("one", "two", "three")) {
                assertEquals(word, ask(open.listener(), word));
            }
        }
    }

    @Test
    void moreConnectionsThanAllowedWaitUntilOneEnds() throws Exception {
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        try (Open open = new Open(Listener.open(ANY_PORT, ListenOptions.DEFAULT, new ConnectionLimit(1, io, warnings::add), io,
                warnings::add, (connection, draining) -> {
                    events.add("begins");
                    echo(connection, draining);
                    events.add("ends");
                }));
             SocketChannel first = SocketChannel.open(open.listener().address());
             SocketChannel second = SocketChannel.open(open.listener().address())) {
            second.write(ByteBuffer.wrap("two".getBytes(ISO_8859_1)));
            for (int round = 0; round < 20; round++) {
                assertEquals("one", echoed(first, "one"));
            }
            first.shutdownOutput();
            second.shutdownOutput();
            assertEquals("two", new String(Channels.newInputStream(second).readAllBytes(), ISO_8859_1));
            assertEquals(List.of("begins", "ends", "begins"), List.of(events.take(), events.take(), events.take()));
        }
    }

    private static String echoed(SocketChannel channel, String word) throws IOException {
        channel.write(ByteBuffer.wrap(word.getBytes(ISO_8859_1)));
        ByteBuffer answer = ByteBuffer.allocate(word.length());
        int count = 0;
        while (count >= 0 && answer.hasRemaining()) {
            count = channel.read(answer);
        }
        return new String(answer.array(), ISO_8859_1);
    }

    @Test
    void aUnixSocketIsListenedOnAndRemoved(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("front.sock");
        try (Open open = new Open(open(UnixDomainSocketAddress.of(path), ListenerTest::echo))) {
            assertEquals("hi", ask(open.listener(), "hi"));
        }
        assertFalse(Files.exists(path));
    }

    @Test
    void aSocketFileThatNobodyListensOnIsReplaced(@TempDir Path folder) throws Exception {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("stale.sock"));
        ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address).close();
        try (Open open = new Open(open(address, ListenerTest::echo))) {
            assertEquals("hi", ask(open.listener(), "hi"));
        }
    }

    @Test
    void aTakenAddressIsToldInOneLine() throws Exception {
        try (ServerSocketChannel taken = ServerSocketChannel.open().bind(ANY_PORT)) {
            IOException failure = assertThrows(IOException.class,
                    () -> open(taken.getLocalAddress(), ListenerTest::echo));
            assertTrue(failure.getMessage().startsWith("cannot listen on 127.0.0.1:"), failure.getMessage());
            assertTrue(failure.getMessage().endsWith("Address already in use"), failure.getMessage());
        }
    }

    @Test
    void closingAsksEveryConnectionToEndAndWaitsForIt() throws Exception {
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        CountDownLatch draining = new CountDownLatch(1);
        Listener listener = open(ANY_PORT, (_, signal) -> {
            signal.whenRequested(() -> {
                events.add("draining");
                draining.countDown();
            });
            events.add("serving");
            await(draining);
            events.add("served");
        });
        try (SocketChannel _ = SocketChannel.open(listener.address())) {
            assertEquals("serving", events.take());
            assertTrue(listener.close(LONG));
            assertEquals(List.of("draining", "served"), List.copyOf(events));
        }
    }

    @Test
    void whoDoesNotEndInTimeIsEnded() throws Exception {
        CountDownLatch serving = new CountDownLatch(1);
        Listener listener = open(ANY_PORT, (connection, _) -> {
            serving.countDown();
            assertThrows(IOException.class, () -> connection.read(ByteBuffer.allocate(1), LONG));
        });
        try (SocketChannel _ = SocketChannel.open(listener.address())) {
            serving.await();
            assertFalse(listener.close(Duration.ofMillis(1)));
            assertEquals(0, listener.connections());
        }
    }

    /// An error in Helidon's accept loop ends it for good.
    @Test
    void anAcceptLoopThatEndsByAnErrorIsReplaced() throws Exception {
        AtomicBoolean broken = new AtomicBoolean(true);
        Io failing = (Io) Proxy.newProxyInstance(Io.class.getClassLoader(), new Class<?>[] {Io.class}, (_, method, arguments) -> {
            if (method.getName().equals("serve") && broken.getAndSet(false)) {
                ((SocketChannel) arguments[0]).close();
                throw new StackOverflowError("on purpose");
            }
            return method.invoke(io, arguments);
        });
        Listener listener = Listener.open(ANY_PORT, ListenOptions.DEFAULT, new ConnectionLimit(1, io, _ -> { }), failing,
                warnings::add,
                ListenerTest::echo);
        try (Open open = new Open(listener)) {
            assertEquals("", ask(open.listener(), ""));
            for (String word : List.of("one", "two", "three")) {
                assertEquals(word, ask(open.listener(), word));
            }
            assertTrue(warnings.take().endsWith(" has ended by an error; starting another"));
            assertTrue(warnings.isEmpty(), warnings::toString);
        }
        assertThrows(ConnectException.class, () -> ask(listener, "four"));
    }

    /// Echoes on a free port, in a JVM of its own.
    static final class Program {
        private Program() {
        }

        public static void main(String[] arguments) throws Exception {
            Io io = arguments[0].equals("jdk") ? Io.jdk() : Io.carriers(Carriers.start(1, System.out::println));
            Listener listener = Listener.open(ANY_PORT, ListenOptions.DEFAULT,
                    new ConnectionLimit(100_000, io, System.out::println), io,
                    System.out::println, ListenerTest::echo);
            System.out.println(((InetSocketAddress) listener.address()).getPort());
            System.in.read();
            System.exit(0);
        }
    }

    /// The limit leaves room for the jars of the class path, which stay open.
    @Test
    void runningOutOfDescriptorsEndsNoConnectionAndNoListener() throws Exception {
        Process process = new ProcessBuilder("sh", "-c", "ulimit -n 300; exec \"$@\"", "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-cp", System.getProperty("java.class.path"), Program.class.getName(), io.name())
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        List<SocketChannel> clients = new ArrayList<>();
        try (BufferedReader out = process.inputReader()) {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(out.readLine()));
            for (int i = 0; i < 3; i++) {                  // loads the classes, which takes descriptors
                try (SocketChannel client = SocketChannel.open(address)) {
                    assertEquals("classes", echoed(client, "classes"));
                    assertEquals("loaded", echoed(client, "loaded"));
                    client.shutdownOutput();
                    assertEquals(-1, client.read(ByteBuffer.allocate(1)));
                }
            }
            while (clients.size() < 320) {
                clients.add(SocketChannel.open(address));
            }
            String warning = out.readLine();
            assertTrue(warning.startsWith("no connection can be accepted on 127.0.0.1:"), warning);
            assertTrue(warning.endsWith(": Too many open files"), warning);
            assertEquals("first", echoed(clients.getFirst(), "first"));
            for (SocketChannel client : clients.subList(1, clients.size() - 1)) {
                client.shutdownOutput();
            }
            assertEquals("last", echoed(clients.getLast(), "last"));
            assertEquals("first again", echoed(clients.getFirst(), "first again"));
        } finally {
            process.destroy();
            for (SocketChannel client : clients) {
                client.close();
            }
        }
    }

    private record Open(Listener listener) implements AutoCloseable {
        @Override
        public void close() {
            listener.close(LONG);
        }
    }

    private static String ask(Listener listener, String word) throws IOException {
        try (SocketChannel channel = SocketChannel.open(listener.address())) {
            channel.write(ByteBuffer.wrap(word.getBytes(ISO_8859_1)));
            channel.shutdownOutput();
            return new String(Channels.newInputStream(channel).readAllBytes(), ISO_8859_1);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void echo(Connection connection, DrainSignal draining) {
        draining.whenRequested(connection::close);
        ByteBuffer buffer = ByteBuffer.allocate(100);
        try {
            while (connection.read(buffer, LONG) > 0) {
                connection.write(buffer.flip(), LONG);
                buffer.clear();
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
