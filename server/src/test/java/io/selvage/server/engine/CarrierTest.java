package io.selvage.server.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The guarantees of carriers to the threads that they run. H and a number refer to the hazards in server/engine.md.
class CarrierTest extends CarrierFixture {
    @Test
    void threadsRunInTheOrderOfTheirStart() throws Exception {
        List<Integer> order = new ArrayList<>();
        run(() -> {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                int number = i;
                Thread thread = carrier.thread("", () -> order.add(number));
                thread.start();
                threads.add(thread);
            }
            assertEquals(0, order.size());                 // nothing runs inside the call that starts it: H7
            for (Thread thread : threads) {
                thread.join();
            }
            return null;
        });
        for (int i = 0; i < 1000; i++) {
            assertEquals(i, order.get(i));
        }
    }

    @Test
    void yieldingThreadDoesNotStarveOthers() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        try (Pair pair = Pair.open()) {
            FutureTask<Integer> yielding = start(carrier, () -> {
                int count = 0;
                while (!enough.get()) {
                    Thread.yield();
                    count++;
                }
                return count;
            });
            FutureTask<Boolean> reading = start(carrier, () -> carrier.register(pair.near()).awaitReadable(in(50_000)));
            assertEquals("from outside", run(() -> "from outside"));
            pair.send(1);
            assertTrue(reading.get());
            enough.set(true);
            yielding.get();
        }
    }

    /// H3.
    @Test
    void throwingTaskDoesNotAffectOthers() throws Exception {
        long before = CARRIERS.snapshot().failures();
        carrier.execute(() -> {
            throw new IllegalStateException("on purpose");
        });
        carrier.execute(() -> {
            throw new StackOverflowError("on purpose");
        });
        assertEquals("alive", run(() -> "alive"));
        assertEquals(before + 2, CARRIERS.snapshot().failures());
        awaitWarning("on purpose");
    }

    /// H1: threads of both carriers, the JDK's virtual threads and platform threads contend for the same locks, and for those of
    /// the console.
    @Test
    void allThreadsThatContendForLocksFinish() throws Exception {
        ReentrantLock lock = new ReentrantLock();
        Object monitor = new Object();
        AtomicInteger count = new AtomicInteger();
        Runnable contend = () -> {
            for (int i = 0; i < 300; i++) {
                synchronized (monitor) {
                    Thread.yield();
                    lock.lock();
                    try {
                        count.incrementAndGet();
                        System.out.print("");
                    } finally {
                        lock.unlock();
                    }
                }
            }
        };
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            threads.add(carrier.thread("", contend));
            threads.add(other.thread("", contend));
            if (i % 10 == 0) {
                threads.add(Thread.ofVirtual().unstarted(contend));
                threads.add(Thread.ofPlatform().unstarted(contend));
            }
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(threads.size() * 300, count.get());
    }

    /// Waits that the JDK itself times.
    @Test
    void tenThousandTimedWaitsEnd() throws Exception {
        CountDownLatch ended = new CountDownLatch(10_000);
        AtomicInteger early = new AtomicInteger();
        ReentrantLock taken = new ReentrantLock();
        taken.lock();
        for (int i = 0; i < 10_000; i++) {
            int kind = i % 3;
            long nanos = TimeUnit.MILLISECONDS.toNanos(50 + i % 200);
            (i % 2 == 0 ? carrier : other).thread("", () -> {
                long began = System.nanoTime();
                try {
                    switch (kind) {
                        case 0 -> Thread.sleep(nanos / 1_000_000, (int) (nanos % 1_000_000));
                        case 1 -> {
                            while (System.nanoTime() - began < nanos) {
                                LockSupport.parkNanos(nanos - (System.nanoTime() - began));
                            }
                        }
                        default -> assertFalse(taken.tryLock(nanos, TimeUnit.NANOSECONDS));
                    }
                } catch (InterruptedException e) {
                    early.incrementAndGet();
                }
                if (System.nanoTime() - began < nanos) {
                    early.incrementAndGet();
                }
                ended.countDown();
            }).start();
        }
        ended.await();
        assertEquals(0, early.get());
    }

    /// H5: if a poller of the JDK ran on the busy carrier, no thread would be woken.
    @Test
    void pollersOfTheJdkAreOnNoCarrier() throws Exception {
        CountDownLatch woken = new CountDownLatch(1);
        try (Pair ours = Pair.open(); Pair theirs = Pair.open()) {
            ours.near().configureBlocking(true);
            theirs.near().configureBlocking(true);
            FutureTask<Integer> first = start(carrier, () -> ours.near().read(ByteBuffer.allocate(1)));
            Thread.ofVirtual().start(() -> {
                try {
                    theirs.near().read(ByteBuffer.allocate(1));
                    woken.countDown();
                } catch (IOException _) {
                    // Then the latch is not counted down, and the test ends by its timeout.
                }
            });
            FutureTask<Boolean> holding = new FutureTask<>(() -> {
                theirs.send(1);
                return woken.await(50, TimeUnit.SECONDS);
            });
            carrier.execute(holding);
            assertTrue(holding.get());
            ours.send(1);
            assertEquals(1, first.get());
        }
    }

    @Test
    void connectionsOneAfterTheOtherGoToOneCarrier() {
        assertEquals(CARRIERS.leastBusy(), CARRIERS.leastBusy());
    }

    @Test
    void connectionsAreAssignedToTheLeastLoadedCarrier() {
        carrier.connections(3);
        try {
            for (int i = 0; i < 10; i++) {
                assertEquals(other, CARRIERS.leastBusy());
            }
        } finally {
            carrier.connections(-3);
        }
    }
}
