package io.selvage.server.net;

import io.selvage.server.engine.Carrier;
import io.selvage.server.engine.CarrierSnapshot;
import io.selvage.server.engine.Carriers;
import io.selvage.server.engine.EngineMissing;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The assignment of connections to carriers.
@Timeout(60)
class CarrierIoTest {
    private static final CarrierIo IO = io();

    private final List<SocketChannel> far = new ArrayList<>();
    private final Map<Connection, ServedConnection> served = new IdentityHashMap<>();
    private ServerSocketChannel listening;

    private static CarrierIo io() {
        try {
            return new CarrierIo(Carriers.start(2, System.err::println));
        } catch (EngineMissing e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void listen() throws IOException {
        listening = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @AfterEach
    void close() throws IOException {
        listening.close();
        served.values().forEach(ServedConnection::close);
        for (SocketChannel channel : far) {
            channel.close();
        }
    }

    private Connection accepted() throws Exception {
        far.add(SocketChannel.open(listening.getLocalAddress()));
        ServedConnection accepted = new ServedConnection(IO, listening.accept());
        served.put(accepted.connection(), accepted);
        return accepted.connection();
    }

    private <T> T on(Connection connection, Callable<T> call) throws Exception {
        return served.get(connection).call(call);
    }

    private static List<Integer> counts() {
        return IO.snapshot().carriers().stream().map(CarrierSnapshot.OfCarrier::connections).toList();
    }

    /// Two of three connections share a carrier. One waits; when the other gets something, it has the buffer of the first.
    @Test
    void waitingConnectionHoldsNoBuffer() throws Exception {
        List<Connection> three = List.of(accepted(), accepted(), accepted());
        boolean shared = carrierOf(three.get(0)) == carrierOf(three.get(1));
        int other = shared ? 1 : 2;
        Connection waiting = carrierOf(three.get(0)) == carrierOf(three.get(other)) ? three.get(0) : three.get(1);
        Connection second = three.get(other);
        ByteBuffer held = ByteBuffer.allocate(100);
        CountDownLatch started = new CountDownLatch(1);    // from here on its thread runs until it waits, and no other does
        FutureTask<ByteBuffer> late = served.get(waiting).start(() -> {
            started.countDown();
            return waiting.awaitBytes(held, 100, Duration.ofSeconds(50));
        });
        started.await();
        far.get(other).write(ByteBuffer.wrap(new byte[] {1}));
        ByteBuffer early = on(second, () -> second.awaitBytes(ByteBuffer.allocate(0), 100, Duration.ofSeconds(50)));
        assertSame(held, early);
        far.get(three.indexOf(waiting)).write(ByteBuffer.wrap(new byte[] {2, 3}));
        assertNotSame(held, late.get());
        assertEquals(2, late.get().position());
        for (Connection connection : three) {
            on(connection, () -> {
                connection.close();
                return "closed";
            });
        }
    }

    private static Carrier carrierOf(Connection connection) {
        return ((CarrierConnection) connection).carrier();
    }

    @Test
    void connectionsAreDistributedEvenlyAndCounted() throws Exception {
        List<Connection> connections = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            connections.add(accepted());
        }
        assertEquals(List.of(5, 5), counts());
        for (Connection connection : connections) {
            on(connection, () -> {
                connection.close();
                connection.close();
                return "closed";
            });
        }
        assertEquals(List.of(0, 0), counts());
    }

    @Test
    void peerConnectionIsOnTheCarrierOfItsClient() throws Exception {
        Map<Integer, Connection> onEach = new HashMap<>();
        while (onEach.size() < 2) {
            Connection client = accepted();
            onEach.put(on(client, IO::place), client);
        }
        for (Connection client : onEach.values()) {
            on(client, () -> {
                try (Connection peer = IO.connector().connect(listening.getLocalAddress(), Duration.ofSeconds(50))) {
                    assertEquals(((CarrierConnection) client).carrier(), ((CarrierConnection) peer).carrier());
                }
                client.close();
                return "connected";
            });
        }
    }

    /// H9.
    @Test
    void slowFileIsReadOffTheCarrier() throws Exception {
        byte[] content = new byte[3_000_000];
        new SplittableRandom(1).nextBytes(content);
        SlowFile file = new SlowFile(content);
        Connection client = accepted();
        FutureTask<byte[]> received = new FutureTask<>(() -> Channels.newInputStream(far.getFirst()).readAllBytes());
        Thread.ofPlatform().start(received);
        assertEquals(content.length, on(client, () -> {
            SendableFile source = new SendableFile(file);
            int sent = 0;
            while (sent < content.length) {
                sent += (int) client.send(source, sent, content.length - sent, Duration.ofSeconds(50));
            }
            client.close();
            return sent;
        }));
        assertArrayEquals(content, received.get());
        assertTrue(file.readElsewhere() > 0);
        assertEquals(1, file.waits(), "pieces that held the carrier, of six");
    }

    @Test
    void connectOutsideACarrierIsRejected() {
        assertThrows(IllegalStateException.class,
                () -> IO.connector().connect(listening.getLocalAddress(), Duration.ofSeconds(1)));
    }
}
