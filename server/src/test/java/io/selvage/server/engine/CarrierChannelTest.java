package io.selvage.server.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Waits for channels, and that a carrier sleeps while none is ready. H and a number refer to the hazards in server/engine.md.
class CarrierChannelTest extends CarrierFixture {
    /// Turns that a carrier may make while it has nothing to do: a few for timers and canaries. One that spins makes this many in
    /// some milliseconds.
    private static final long FEW_TURNS = 200;

    /// H10.
    @Test
    void interruptedCarrierKeepsSleeping() throws Exception {
        carrier.platformThread().interrupt();
        long turns = turnsDuringAWait();
        assertTrue(turns < FEW_TURNS, () -> turns + " turns");
    }

    @Test
    void interruptedThreadKeepsWaitingForItsChannel() throws Exception {
        try (Pair pair = Pair.open()) {
            FutureTask<Boolean> reading = new FutureTask<>(() -> carrier.register(pair.near()).awaitReadable(in(50_000)));
            Thread thread = carrier.thread("", reading);
            thread.start();
            thread.interrupt();
            run(() -> "a turn");
            assertFalse(reading.isDone());
            pair.send(1);
            assertTrue(reading.get());
        }
    }

    @Test
    void waitEndsAtItsDeadline() throws Exception {
        try (Pair pair = Pair.open()) {
            long began = System.nanoTime();
            assertFalse(run(() -> carrier.register(pair.near()).awaitReadable(began + 100_000_000)));
            assertTrue(System.nanoTime() - began >= 100_000_000);
        }
    }

    /// H15: unread bytes, and an end of stream that no thread reads.
    @Test
    void unreadDataCausesNoTurns() throws Exception {
        try (Pair unread = Pair.open(); Pair ended = Pair.open(); Pair reset = Pair.open()) {
            FutureTask<Long> counted = start(carrier, () -> {
                for (Pair pair : List.of(unread, ended, reset)) {
                    assertTrue(carrier.register(pair.near()).awaitReadable(in(50_000)));
                }
                return turnsHereDuringAWait();
            });
            unread.send(1);
            ended.far().shutdownOutput();
            reset.reset();
            long turns = counted.get();
            assertTrue(turns < FEW_TURNS, () -> turns + " turns");
        }
    }

    /// H15: epoll reports a hang-up even without interest, unless the channel is removed.
    @Test
    void endOfStreamAfterTheLastReadCausesNoTurns() throws Exception {
        try (Pair pair = Pair.open()) {
            pair.send(1);
            run(() -> {
                Readiness readiness = carrier.register(pair.near());
                assertTrue(readiness.awaitReadable(in(50_000)));
                return pair.near().read(ByteBuffer.allocate(1));
            });
            pair.reset();
            long turns = turnsDuringAWait();
            assertTrue(turns < FEW_TURNS, () -> turns + " turns");
        }
    }

    /// Idle connections cost nothing, however many there are.
    @Test
    void thousandIdleConnectionsCauseNoTurns() throws Exception {
        List<Pair> pairs = new ArrayList<>();
        List<FutureTask<Boolean>> reading = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            Pair pair = Pair.open();
            pairs.add(pair);
            reading.add(start(carrier, () -> carrier.register(pair.near()).awaitReadable(in(75_000))));
        }
        long turns = turnsDuringAWait();
        assertTrue(turns < FEW_TURNS, () -> turns + " turns");
        for (int i = 0; i < pairs.size(); i++) {
            pairs.get(i).send(1);
            assertTrue(reading.get(i).get());
            pairs.get(i).close();
        }
    }

    private long turnsDuringAWait() throws Exception {
        return run(this::turnsHereDuringAWait);
    }

    private long turnsHereDuringAWait() throws IOException {
        try (Pair idle = Pair.open()) {
            Readiness readiness = carrier.register(idle.near());
            long before = carrier.turns();
            assertFalse(readiness.awaitReadable(in(300)));
            return carrier.turns() - before;
        }
    }
}
