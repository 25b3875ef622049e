package io.selvage.server.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class ConnectionTest {
    private static final Duration LONG = Duration.ofSeconds(50);
    private static final Duration SHORT = Duration.ofMillis(100);

    @Parameter
    private Io io;

    private ServerSocketChannel listening;
    private ServedConnection served;
    private Connection near;
    private SocketChannel far;

    @BeforeEach
    void connect() throws Exception {
        listening = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        far = SocketChannel.open(listening.getLocalAddress());
        served = new ServedConnection(io, listening.accept());
        near = served.connection();
    }

    @AfterEach
    void close() throws Exception {
        served.close();
        far.close();
        listening.close();
    }

    @Test
    void readReturnsTheReceivedBytes() throws Exception {
        far.write(bytes("hello"));
        assertEquals("hello", serving(this::readText));
    }

    @Test
    void connectionIsWritableAfterAReadTimeout() throws Exception {
        assertThrows(TimedOut.class, () -> serving(() -> near.read(ByteBuffer.allocate(1), SHORT)));
        assertThrows(TimedOut.class, () -> serving(() -> near.read(ByteBuffer.allocate(1), LONG)));

        write("408");
        near.shutdownOutput();
        assertEquals("408", readToEnd(far));
    }

    @Test
    void waitEndsWhenBytesArrive() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        FutureTask<String> all = served.start(() -> {
            waiting.countDown();
            String seen = "";
            ByteBuffer held = ByteBuffer.allocate(0);
            while (seen.length() < 10) {
                held = near.awaitBytes(held, 4, LONG).flip();
                seen += ISO_8859_1.decode(held);
            }
            return seen;
        });
        waiting.await();
        far.write(bytes("hello"));
        far.write(bytes("world"));
        assertEquals("helloworld", all.get());
    }

    @Test
    void waitEndsAtEndOfStream() throws Exception {
        far.close();
        assertEquals(0, (int) serving(() -> near.awaitBytes(ByteBuffer.allocate(4), 4, LONG).position()));
    }

    @Test
    void waitReturnsAtOnceForUnreadBytes() throws Exception {
        near.unread(bytes("hello"));
        ByteBuffer first = serving(() -> near.awaitBytes(ByteBuffer.allocate(4), 4, LONG));
        assertEquals(bytes("hell"), first.flip());
    }

    @Test
    void connectionIsWritableAfterAWaitTimeout() throws Exception {
        assertThrows(TimedOut.class, () -> serving(() -> near.awaitBytes(ByteBuffer.allocate(4), 4, SHORT)));
        assertThrows(TimedOut.class, () -> serving(() -> near.awaitBytes(ByteBuffer.allocate(4), 4, LONG)));
        write("408");
        near.shutdownOutput();
        assertEquals("408", readToEnd(far));
    }

    @Test
    void writeTimesOutIfThePeerDoesNotRead() {
        ByteBuffer endless = ByteBuffer.allocate(64 << 20);
        assertThrows(TimedOut.class, () -> serving(() -> {
            near.write(endless, SHORT);
            return "written";
        }));
        assertFalse(near.isOpen());
    }

    @Test
    void buffersAreWrittenInOrder() throws Exception {
        serving(() -> {
            near.write(new ByteBuffer[] {bytes("one "), bytes(""), bytes("two "), bytes("three")}, LONG);
            return "written";
        });
        near.close();
        assertEquals("one two three", readToEnd(far));
    }

    @Test
    void readReturnsEndOfStreamAfterTheOtherSideCloses() throws Exception {
        far.close();
        assertEquals(-1, (int) serving(() -> near.read(ByteBuffer.allocate(1), LONG)));
        assertEquals(-1, (int) serving(() -> near.readNow(ByteBuffer.allocate(1))));
    }

    @Test
    void readNowDoesNotWait() throws Exception {
        assertEquals(0, (int) serving(() -> near.readNow(ByteBuffer.allocate(1))));
    }

    @Test
    void unreadBytesAreReadFirst() throws Exception {
        far.write(bytes("c"));
        near.unread(bytes("b"));
        near.unread(bytes("a"));
        String all = "";
        while (all.length() < 3) {
            all += serving(this::readText);
        }
        assertEquals("abc", all);
    }

    @Test
    void closeFromAnotherThreadWakesTheReader() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        FutureTask<Integer> read = served.start(() -> {
            reading.countDown();
            return near.read(ByteBuffer.allocate(1), LONG);
        });
        reading.await();
        near.abort();
        assertThrows(Exception.class, read::get);
    }

    @Test
    void watchDetectsThatTheOtherSideCloses() throws Exception {
        far.close();
        assertTrue(serving(() -> {
            CompletableFuture<String> seen = new CompletableFuture<>();
            try (Connection.Watch watch = near.watch(() -> seen.complete("gone"))) {
                seen.get();
                return watch.gone();
            }
        }));
    }

    @Test
    void watchKeepsReceivedBytes() throws Exception {
        far.write(bytes("GET /next"));
        far.shutdownOutput();
        serving(() -> {
            CompletableFuture<String> seen = new CompletableFuture<>();
            try (Connection.Watch _ = near.watch(() -> seen.complete("gone"))) {
                return seen.get();
            }
        });
        assertEquals("GET /next", serving(this::readText));
        assertEquals(-1, (int) serving(() -> near.read(ByteBuffer.allocate(1), LONG)));
    }

    @Test
    void fileIsSentCompletely(@TempDir Path folder) throws Exception {
        byte[] content = new byte[3_000_000];
        new SplittableRandom(1).nextBytes(content);
        Path file = Files.write(folder.resolve("big"), content);
        FutureTask<byte[]> received = new FutureTask<>(() -> readBytes(far));
        Thread.ofPlatform().start(received);
        long sent = serving(() -> sendFile(file, content.length));
        near.close();
        assertEquals(content.length, sent);
        assertArrayEquals(content, received.get());
    }

    @Test
    void truncatedFileIsNotPadded(@TempDir Path folder) throws Exception {
        Path file = Files.write(folder.resolve("short"), new byte[10]);
        assertEquals(10, (long) serving(() -> sendFile(file, 1000)));
    }

    @Test
    void connectReachesThePeer() throws Exception {
        assertEquals("ping", serving(() -> {
            Connection peer = io.connector().connect(listening.getLocalAddress(), LONG);
            try (peer; SocketChannel accepted = listening.accept()) {
                peer.write(bytes("ping"), LONG);
                peer.shutdownOutput();
                return readToEnd(accepted);
            }
        }));
    }

    @Test
    void connectToAClosedPortFails() throws Exception {
        SocketAddress nobody = listening.getLocalAddress();
        listening.close();
        assertThrows(IOException.class, () -> serving(() -> io.connector().connect(nobody, LONG)));
    }

    @Test
    void unixSocketsWorkLikeTcp(@TempDir Path folder) throws Exception {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("peer.sock"));
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(address)) {
            assertEquals("ping", serving(() -> {
                Connection client = io.connector().connect(address, LONG);
                try (client; SocketChannel peer = server.accept()) {
                    client.write(bytes("ping"), LONG);
                    client.shutdownOutput();
                    assertThrows(TimedOut.class, () -> client.read(ByteBuffer.allocate(1), SHORT));
                    return readToEnd(peer);
                }
            }));
        }
    }

    private void write(String text) throws Exception {
        serving(() -> {
            near.write(bytes(text), LONG);
            return text;
        });
    }

    private long sendFile(Path file, long count) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            SendableFile source = new SendableFile(channel);
            long sent = 0;
            long step = near.send(source, 0, count, LONG);
            while (step > 0 && sent + step < count) {
                sent += step;
                step = near.send(source, sent, count - sent, LONG);
            }
            return sent + step;
        }
    }

    private String readText() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(100);
        near.read(buffer, LONG);
        return ISO_8859_1.decode(buffer.flip()).toString();
    }

    /// Runs the call where the connection's own thread would.
    private <T> T serving(Callable<T> call) throws Exception {
        return served.call(call);
    }

    private static String readToEnd(SocketChannel channel) throws IOException {
        return new String(readBytes(channel), ISO_8859_1);
    }

    private static byte[] readBytes(SocketChannel channel) throws IOException {
        return Channels.newInputStream(channel).readAllBytes();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(ISO_8859_1));
    }
}
