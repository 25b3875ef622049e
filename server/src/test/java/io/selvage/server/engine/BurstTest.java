package io.selvage.server.engine;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.junit.jupiter.api.Assertions.assertTrue;

/// The work of a carrier between two polls of its channels.
@Timeout(60)
class BurstTest {
    private static final int MANY = 200;
    private static final int WORK_BYTES = 8192;
    private static final long PATIENCE_NANOS = 50_000_000_000L;

    private final List<Pair> pairs = new ArrayList<>();

    /// Each poll costs time for every channel that was not read yet.
    @Test
    void allReadyThreadsRunBetweenTwoPolls() throws Exception {
        Carrier carrier = Carriers.start(1, _ -> { }).get(0);
        try {
            CountDownLatch waiting = new CountDownLatch(MANY);
            List<FutureTask<Long>> readers = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                Pair pair = Pair.open();
                pairs.add(pair);
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                FutureTask<Long> reader = new FutureTask<>(() -> {
                    Readiness readiness = carrier.register(pair.near());
                    waiting.countDown();
                    readiness.awaitReadable(System.nanoTime() + PATIENCE_NANOS);
                    work(digest);
                    return carrier.turns();
                });
                carrier.thread("reader", reader).start();
                readers.add(reader);
            }
            waiting.await();
            sendToAllWhileItStands(carrier);
            Set<Long> turns = new HashSet<>();
            for (FutureTask<Long> reader : readers) {
                turns.add(reader.get());
            }
            assertTrue(turns.size() <= MANY / 20, () -> "spread over " + turns.size() + " turns");
        } finally {
            for (Pair pair : pairs) {
                pair.close();
            }
        }
    }

    private void sendToAllWhileItStands(Carrier carrier) throws Exception {
        CountDownLatch sent = new CountDownLatch(1);
        FutureTask<Void> standing = new FutureTask<>(() -> {
            sent.await();
            return null;
        });
        carrier.execute(standing);
        for (Pair pair : pairs) {
            pair.send(1);
        }
        sent.countDown();
        standing.get();
    }

    /// Some work, so that all readers together hold the carrier for a while.
    private static void work(MessageDigest digest) {
        digest.digest(new byte[WORK_BYTES]);
    }
}
