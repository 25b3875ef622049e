package io.selvage.server.net;

import io.selvage.server.engine.Carriers;
import io.selvage.server.engine.EngineMissing;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Whether the event loop has reported what came on an idle connection before what has come on another one.
@Timeout(60)
class UnreportedInputTest {
    private static final Duration LONG = Duration.ofSeconds(50);
    private static final Io CARRIER = oneCarrier();

    private ServerSocketChannel listening;
    private SocketChannel client;
    private SocketChannel peer;
    private ServedConnection served;
    private Connection toClient;
    private Connection toPeer;

    private static Io oneCarrier() {
        try {
            return Io.carriers(Carriers.start(1, System.err::println));
        } catch (EngineMissing e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void connect() throws Exception {
        listening = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        client = SocketChannel.open(listening.getLocalAddress());
        served = new ServedConnection(CARRIER, listening.accept());
        toClient = served.connection();
        toPeer = served.call(() -> CARRIER.connector().connect(listening.getLocalAddress(), LONG));
        peer = listening.accept();
        read(toPeer, peer, "a response");
    }

    @AfterEach
    void close() throws Exception {
        served.close();
        toPeer.close();
        peer.close();
        client.close();
        listening.close();
    }

    @Test
    void connectionIsCleanIfTheClientWasWaitedForAfterwards() throws Exception {
        read(toClient, client, "a request");
        assertFalse(served.call(toPeer::mayHaveInput));
    }

    @Test
    void bytesSentBeforeThoseOfTheClientAreReported() throws Exception {
        FutureTask<Boolean> mayHaveInput = afterRead(toClient);
        send(peer, "unasked");
        send(client, "a request");
        assertTrue(mayHaveInput.get());
    }

    @Test
    void endSentBeforeTheBytesOfTheClientIsReported() throws Exception {
        FutureTask<Boolean> mayHaveInput = afterRead(toClient);
        peer.shutdownOutput();
        send(client, "a request");
        assertTrue(mayHaveInput.get());
    }

    @Test
    void connectionMayHaveInputIfTheClientsBytesWereReadBeforeAPoll() throws Exception {
        send(client, "a request");
        assertTrue(served.call(() -> {
            assertEquals(9, toClient.readNow(ByteBuffer.allocate(64)));
            return toPeer.mayHaveInput();
        }));
    }

    @Test
    void newConnectionMayHaveInput() throws Exception {
        try (Connection fresh = served.call(() -> CARRIER.connector().connect(listening.getLocalAddress(), LONG));
                SocketChannel _ = listening.accept()) {
            assertTrue(served.call(fresh::mayHaveInput));
        }
    }

    /// Reads after a wait, so that a poll has reported the bytes.
    private void read(Connection at, SocketChannel from, String text) throws Exception {
        FutureTask<Boolean> read = afterRead(at);
        send(from, text);
        read.get();
    }

    /// Whether the peer's connection may have input once another read, which is waiting when this returns, has ended.
    private FutureTask<Boolean> afterRead(Connection at) throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        FutureTask<Boolean> read = served.start(() -> {
            assertEquals(0, at.readNow(ByteBuffer.allocate(64)));
            waiting.countDown();
            assertTrue(at.read(ByteBuffer.allocate(64), LONG) > 0);
            return toPeer.mayHaveInput();
        });
        waiting.await();
        served.call(() -> "the thread above waits: it has the carrier until it parks");
        return read;
    }

    private static void send(SocketChannel from, String text) throws Exception {
        from.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1)));
    }
}
