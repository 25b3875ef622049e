package io.selvage.server.tls;

import io.selvage.server.net.Connection;
import io.selvage.server.net.Io;
import io.selvage.server.net.SendableFile;
import io.selvage.server.net.TimedOut;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Data on a connection behind its handshake.
@Timeout(60)
@ParameterizedClass(name = "{0}, io {1}")
@MethodSource("io.selvage.server.tls.Engines#withEveryIo")
class TlsConnectionTest {
    private static final Duration LONG = Duration.ofSeconds(50);
    private static final TlsPolicy POLICY = TlsPolicy.of(CertificateSource.of(Pem.key("server-ecdsa")));
    private static final byte[] BYTES = new byte[1 << 20];

    static {
        new SplittableRandom(1).nextBytes(BYTES);
    }

    @Parameter(0)
    private TlsEngine engine;
    @Parameter(1)
    private Io io;

    private TlsServed server;
    private SSLSocket client;

    /// Opens a connection whose server side does something; the result comes when that has ended.
    private <T> CompletableFuture<T> serve(TlsPolicy policy, Serving<T> serving) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        server = new TlsServed(io, engine, policy, connection -> {
            try {
                result.complete(serving.run(connection));
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        client = new JdkClient().connect(server);
        client.startHandshake();
        return result;
    }

    private interface Serving<T> {
        T run(TlsConnection connection) throws Exception;
    }

    @AfterEach
    void close() throws Exception {
        if (client != null) {
            client.close();
        }
        if (server != null) {
            server.close();
        }
    }

    private static byte[] first(int count) {
        return Arrays.copyOf(BYTES, count);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 1000, 16383, 16384, 16385, 40_000, 1 << 20})
    void bytesComeBackAsTheyWereSent(int count) throws Exception {
        serve(POLICY, connection -> {
            TlsServed.echo(connection);
            return true;
        });
        FutureTask<byte[]> received = new FutureTask<>(() -> client.getInputStream().readNBytes(count));
        Thread.ofVirtual().start(received);
        client.getOutputStream().write(BYTES, 0, count);
        assertArrayEquals(first(count), received.get());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 1400, 4096, 16383, 16384})
    void recordsHaveTheSizeOfThePolicy(int size) throws Exception {
        int count = Math.min(64 * size, 200_000);
        serve(POLICY.withRecordSize(size), connection -> {
            connection.write(ByteBuffer.allocateDirect(count).put(BYTES, 0, count).flip(), LONG);
            connection.write(ByteBuffer.wrap(BYTES, 0, count), LONG);
            connection.shutdownOutput();
            return connection.read(ByteBuffer.allocate(1), LONG);
        });
        InputStream in = client.getInputStream();
        byte[] received = in.readNBytes(count);
        assertArrayEquals(first(count), received);
        byte[] again = new byte[count];
        int at = 0;
        int longest = 0;
        int read = in.read(again);
        while (read > 0) {                          // the JDK gives one record at a time
            longest = Math.max(longest, read);
            at += read;
            read = at < count ? in.read(again, at, count - at) : in.read();
        }
        assertArrayEquals(first(count), again);
        // The JDK's records are a little smaller than the largest ones may be.
        assertTrue(longest == size || engine.name().equals("jdk") && longest == 16367, "records of " + longest);
    }

    /// A head and a small body travel in one record.
    @Test
    void partsAreGathered() throws Exception {
        serve(POLICY, connection -> {
            connection.write(new ByteBuffer[] {ByteBuffer.wrap(first(300)), ByteBuffer.allocate(0),
                    ByteBuffer.allocateDirect(5000).put(BYTES, 300, 5000).flip(), ByteBuffer.wrap(BYTES, 5300, 2)}, LONG);
            return connection.read(ByteBuffer.allocate(1), LONG);
        });
        byte[] received = new byte[10_000];
        int count = client.getInputStream().read(received);
        assertEquals(5302, count);
        assertArrayEquals(first(5302), Arrays.copyOf(received, count));
    }

    @Test
    void manyPartsOfAllSizesArriveInOrder() throws Exception {
        SplittableRandom random = new SplittableRandom(7);
        ByteBuffer[] parts = new ByteBuffer[40];
        int at = 0;
        for (int i = 0; i < parts.length; i++) {
            int size = random.nextInt(4) == 0 ? random.nextInt(60_000) : random.nextInt(300);
            size = Math.min(size, BYTES.length - at);
            parts[i] = random.nextBoolean() ? ByteBuffer.wrap(BYTES, at, size).slice()
                    : ByteBuffer.allocateDirect(size).put(BYTES, at, size).flip();
            at += size;
        }
        serve(POLICY, connection -> {
            connection.write(parts, LONG);
            return connection.read(ByteBuffer.allocate(1), LONG);
        });
        assertArrayEquals(first(at), client.getInputStream().readNBytes(at));
    }

    @Test
    void readersOfAnySizeGetAllBytes() throws Exception {
        CompletableFuture<byte[]> received = serve(POLICY, connection -> {
            SplittableRandom random = new SplittableRandom(3);
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            while (all.size() < BYTES.length) {
                int size = 1 + random.nextInt(20_000);
                ByteBuffer into = random.nextBoolean() ? ByteBuffer.allocate(size) : ByteBuffer.allocateDirect(size);
                connection.read(into, LONG);
                byte[] bytes = new byte[into.flip().remaining()];
                into.get(bytes);
                all.writeBytes(bytes);
            }
            return all.toByteArray();
        });
        client.getOutputStream().write(BYTES);
        assertArrayEquals(BYTES, received.get());
    }

    @Test
    void oneThreadReadsWhileAnotherWrites() throws Exception {
        CompletableFuture<byte[]> received = serve(POLICY, connection -> {
            CountDownLatch written = new CountDownLatch(1);
            Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < 16; i++) {
                        connection.write(ByteBuffer.wrap(BYTES, i << 16, 1 << 16), LONG);
                    }
                    written.countDown();
                } catch (IOException e) {
                    connection.abort();
                }
            });
            ByteBuffer all = ByteBuffer.allocate(BYTES.length);
            while (all.hasRemaining() && connection.read(all, LONG) >= 0) {
                // More follows.
            }
            written.await();
            return all.array();
        });
        FutureTask<byte[]> sent = new FutureTask<>(() -> client.getInputStream().readNBytes(BYTES.length));
        Thread.ofVirtual().start(sent);
        client.getOutputStream().write(BYTES);
        assertArrayEquals(BYTES, received.get());
        assertArrayEquals(BYTES, sent.get());
    }

    @Test
    void aFileIsSent(@TempDir Path folder) throws Exception {
        Path file = Files.write(folder.resolve("file"), BYTES);
        serve(POLICY, connection -> {
            try (FileChannel channel = FileChannel.open(file)) {
                SendableFile sendable = new SendableFile(channel);
                long at = 0;
                while (at < BYTES.length) {
                    at += connection.send(sendable, at, BYTES.length - at, LONG);
                }
                assertEquals(0, connection.send(sendable, at, 10, LONG));
            }
            return connection.read(ByteBuffer.allocate(1), LONG);
        });
        assertArrayEquals(BYTES, client.getInputStream().readNBytes(BYTES.length));
    }

    @Test
    void unreadBytesComeFirst() throws Exception {
        CompletableFuture<String> read = serve(POLICY, connection -> {
            ByteBuffer bytes = connection.awaitBytes(ByteBuffer.allocate(0), 100, LONG);
            connection.unread(bytes.flip().slice());
            assertTrue(connection.mayHaveInput());
            ByteBuffer again = ByteBuffer.allocate(3);
            connection.readNow(again);
            connection.read(again, LONG);
            ByteBuffer rest = connection.awaitBytes(ByteBuffer.allocate(0), 100, LONG);
            return new String(again.array(), ISO_8859_1) + '|' + new String(rest.array(), 0, rest.position(), ISO_8859_1);
        });
        client.getOutputStream().write("hello".getBytes(ISO_8859_1));
        assertEquals("hel|lo", read.get());
    }

    @Test
    void readingNowDoesNotWait() throws Exception {
        CompletableFuture<Integer> count = serve(POLICY, connection -> connection.readNow(ByteBuffer.allocate(10)));
        assertEquals(0, count.get());
    }

    @Test
    void writingNowSendsWhatTheSocketTakesAndTheRestComesLater() throws Exception {
        CompletableFuture<Integer> kept = serve(POLICY, connection -> {
            ByteBuffer all = ByteBuffer.wrap(BYTES);
            int before = -1;
            while (all.hasRemaining() && all.position() != before) {
                before = all.position();
                connection.writeNow(all);
            }
            int rest = all.remaining();
            connection.write(all, LONG);
            connection.write(ByteBuffer.wrap(new byte[] {1}), LONG);
            return rest;
        });
        assertArrayEquals(BYTES, client.getInputStream().readNBytes(BYTES.length));
        assertEquals(1, client.getInputStream().read());
        assertTrue(kept.get() >= 0);
    }

    @Test
    void aReadThatTakesTooLongTimesOutAndTheConnectionCanStillBeWritten() throws Exception {
        CompletableFuture<Boolean> timedOut = serve(POLICY, connection -> {
            assertThrows(TimedOut.class, () -> connection.read(ByteBuffer.allocate(1), Duration.ofMillis(50)));
            assertThrows(TimedOut.class, () -> connection.awaitBytes(ByteBuffer.allocate(0), 10, Duration.ofMillis(50)));
            connection.write(ByteBuffer.wrap("408".getBytes(ISO_8859_1)), LONG);
            return true;
        });
        assertEquals("408", new String(client.getInputStream().readNBytes(3), ISO_8859_1));
        assertTrue(timedOut.get());
    }

    @Test
    void aWriteThatMakesNoProgressTimesOut() throws Exception {
        CompletableFuture<Boolean> timedOut = serve(POLICY, connection -> {
            while (true) {
                connection.write(ByteBuffer.wrap(BYTES), Duration.ofMillis(200));
            }
        });
        assertInstanceOf(TimedOut.class, assertThrows(ExecutionException.class, timedOut::get).getCause());
    }

    @Test
    void closeNotifyIsTheEndOfTheInput() throws Exception {
        CompletableFuture<Boolean> truncated = serve(POLICY, connection -> {
            ByteBuffer bytes = ByteBuffer.allocate(100);
            while (connection.read(bytes, LONG) >= 0) {
                // The end follows.
            }
            assertEquals(-1, connection.read(bytes, LONG));
            assertEquals(-1, connection.readNow(bytes));
            assertEquals(0, connection.awaitBytes(ByteBuffer.allocate(0), 10, LONG).position());
            assertEquals(5, bytes.position());
            return connection.isTruncated();
        });
        client.getOutputStream().write(first(5));
        client.close();
        assertFalse(truncated.get());
    }

    /// RFC 8446 §6.1: without close_notify the data may have been cut off by somebody else.
    @Test
    void anInputThatEndsOtherwiseIsTruncated() throws Exception {
        CompletableFuture<Boolean> truncated = new CompletableFuture<>();
        server = new TlsServed(io, engine, POLICY, connection -> {
            ByteBuffer bytes = ByteBuffer.allocate(100);
            while (connection.read(bytes, LONG) >= 0) {
                // The end follows.
            }
            truncated.complete(connection.isTruncated() && bytes.position() == 5);
        });
        try (CutSocket cut = CutSocket.to(server.address()); SSLSocket through = cut.wrap()) {
            through.getOutputStream().write(first(5));
            cut.shutdownOutput();
            assertTrue(truncated.get());
        }
    }

    @Test
    void theOutputEndsWithCloseNotifyAndTheInputGoesOn() throws Exception {
        CompletableFuture<Integer> received = serve(POLICY, connection -> {
            connection.write(ByteBuffer.wrap(first(5)), LONG);
            connection.shutdownOutput();
            ByteBuffer bytes = ByteBuffer.allocate(100);
            while (connection.read(bytes, LONG) >= 0) {
                // The end follows.
            }
            return bytes.position();
        });
        assertArrayEquals(first(5), client.getInputStream().readAllBytes());
        client.getOutputStream().write(first(7));
        client.shutdownOutput();
        assertEquals(7, received.get());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1000, 16384, 200_000})
    void theLastWriteTakesCloseNotifyAlong(int count) throws Exception {
        CompletableFuture<Integer> received = serve(POLICY, connection -> {
            connection.lastWrite();
            connection.write(ByteBuffer.wrap(first(count)), LONG);
            return connection.read(ByteBuffer.allocate(100), LONG);
        });
        assertArrayEquals(first(count), client.getInputStream().readAllBytes());
        client.getOutputStream().write(first(7));
        assertEquals(7, received.get());
    }

    /// As the rest of a request body that is not wanted: the client may read the answer after it has sent all.
    @Test
    void muchInputIsReadBehindTheEndOfTheOutput() throws Exception {
        CompletableFuture<Integer> received = serve(POLICY, connection -> {
            ByteBuffer start = ByteBuffer.allocate(100);
            connection.read(start, LONG);
            connection.write(ByteBuffer.wrap(first(5)), LONG);
            connection.shutdownOutput();
            ByteBuffer bytes = ByteBuffer.allocateDirect(1 << 16);
            int count = start.position();
            for (int more = 0; more >= 0; more = connection.read(bytes.clear(), LONG)) {
                count += more;
            }
            return count;
        });
        client.getOutputStream().write(BYTES);
        client.shutdownOutput();
        assertArrayEquals(first(5), client.getInputStream().readAllBytes());
        assertEquals(BYTES.length, received.get());
    }

    @Test
    void closingSaysCloseNotify() throws Exception {
        serve(POLICY, connection -> {
            connection.write(ByteBuffer.wrap(first(5)), LONG);
            return true;
        });
        assertArrayEquals(first(5), client.getInputStream().readAllBytes());      // throws at an end without it
    }

    @Test
    void anotherThreadMayCloseAConnectionThatIsRead() throws Exception {
        CompletableFuture<Connection> opened = new CompletableFuture<>();
        CompletableFuture<Integer> read = serve(POLICY, connection -> {
            opened.complete(connection);
            return connection.read(ByteBuffer.allocate(1), LONG);
        });
        opened.get().close();
        try {
            assertEquals(-1, read.get());
        } catch (ExecutionException e) {
            assertInstanceOf(IOException.class, e.getCause());
        }
        assertFalse(opened.get().isOpen());
    }

    @Test
    void theEndOfTheInputIsWatched() throws Exception {
        CountDownLatch gone = new CountDownLatch(1);
        CompletableFuture<Boolean> watched = serve(POLICY, connection -> {
            try (Connection.Watch watch = connection.watch(gone::countDown)) {
                connection.write(ByteBuffer.wrap(first(1)), LONG);
                gone.await();
                return watch.gone();
            }
        });
        assertEquals(first(1)[0], client.getInputStream().readNBytes(1)[0]);
        client.close();
        assertTrue(watched.get());
    }

    @Test
    void aDamagedRecordEndsTheConnection() throws Exception {
        CompletableFuture<Integer> read = new CompletableFuture<>();
        server = new TlsServed(io, engine, POLICY, connection -> {
            try {
                read.complete(connection.read(ByteBuffer.allocate(100), LONG));
            } catch (IOException e) {
                read.completeExceptionally(e);
            }
        });
        try (CutSocket cut = CutSocket.to(server.address()); SSLSocket through = cut.wrap()) {
            through.startHandshake();
            cut.damageNext();
            through.getOutputStream().write(first(5));
            TlsException failure = assertInstanceOf(TlsException.class,
                    assertThrows(ExecutionException.class, read::get).getCause());
            assertEquals(TlsException.Kind.FAILED, failure.kind());
            String alert = assertThrows(IOException.class, () -> through.getInputStream().read()).getMessage();
            assertTrue(alert.contains("bad_record_mac"), alert);
        }
    }

    @Test
    void aRecordMayComeInPieces() throws Exception {
        serve(POLICY, connection -> {
            TlsServed.echo(connection);
            return true;
        });
        try (CutSocket cut = CutSocket.to(server.address()); SSLSocket through = cut.wrap()) {
            cut.slice(700);
            OutputStream out = through.getOutputStream();
            out.write(BYTES, 0, 50_000);
            assertArrayEquals(first(50_000), through.getInputStream().readNBytes(50_000));
        }
    }
}
