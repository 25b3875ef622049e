package io.selvage.server.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The guarantees of carriers, each tested against its hazard. H and a number refer to the hazards in server/engine.md.
@Timeout(60)
class CarrierTest {
    private static final BlockingQueue<String> WARNINGS = new LinkedBlockingQueue<>();
    private static final Carriers CARRIERS = carriers();
    /// Turns that a carrier may make while it has nothing to do: a few for timers and canaries. One that spins makes this many in
    /// some milliseconds.
    private static final long FEW_TURNS = 200;

    private final Carrier carrier = CARRIERS.get(0);
    private final Carrier other = CARRIERS.get(1);

    private static Carriers carriers() {
        try {
            return Carriers.start(2, WARNINGS::add);
        } catch (EngineMissing e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void forgetWarnings() {
        WARNINGS.clear();
    }

    @AfterEach
    void assertNoLostWakeups() {
        assertEquals(0, CARRIERS.snapshot().lostWakeups());
    }

    private static long in(long millis) {
        return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private static <T> FutureTask<T> start(Carrier where, Callable<T> call) {
        FutureTask<T> task = new FutureTask<>(call);
        where.thread("test", task).start();
        return task;
    }

    private <T> T run(Callable<T> call) throws Exception {
        return start(carrier, call).get();
    }

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
            FutureTask<Boolean> reading = start(carrier, () -> carrier.register(pair.near()).awaitReadable(in(20_000)));
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
        String told = "";
        while (!told.contains("on purpose")) {
            told = WARNINGS.take();
        }
    }

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
            FutureTask<Boolean> reading = new FutureTask<>(() -> carrier.register(pair.near()).awaitReadable(in(20_000)));
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
                    assertTrue(carrier.register(pair.near()).awaitReadable(in(20_000)));
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
                assertTrue(readiness.awaitReadable(in(20_000)));
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

    /// H6 and H13: thread dumps suspend threads and queue them again.
    @Test
    void threadDumpsUnderLoadDisturbNoThread() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        List<FutureTask<Integer>> talks = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Pair pair = Pair.open();
            pairs.add(pair);
            pair.far().configureBlocking(false);
            Carrier where = i % 2 == 0 ? carrier : other;
            for (SocketChannel end : List.of(pair.near(), pair.far())) {
                FutureTask<Integer> talk = new FutureTask<>(() -> talk(where, end, end == pair.near(), enough));
                Thread thread = where.thread("talk", talk);
                talks.add(talk);
                threads.add(thread);
                thread.start();
            }
        }
        for (int i = 0; i < 20; i++) {
            assertFalse(Thread.getAllStackTraces().isEmpty());
            for (int k = 0; k < 20; k++) {
                threads.forEach(Thread::getStackTrace);
            }
        }
        enough.set(true);
        for (FutureTask<Integer> talk : talks) {
            assertTrue(talk.get() > 0);
        }
        for (Pair pair : pairs) {
            pair.close();
        }
    }

    /// Says a number and waits for the next one, in turns with the other end.
    private static int talk(Carrier where, SocketChannel channel, boolean begins, AtomicBoolean enough) throws IOException {
        Readiness readiness = where.register(channel);
        ByteBuffer buffer = ByteBuffer.allocate(1);
        byte expected = (byte) (begins ? 1 : 0);
        int count = 0;
        if (begins) {
            channel.write(ByteBuffer.wrap(new byte[1]));
        }
        while (true) {
            int got = channel.read(buffer.clear());
            while (got == 0) {
                assertTrue(readiness.awaitReadable(in(20_000)));
                got = channel.read(buffer);
            }
            if (got < 0) {
                return count;
            }
            assertEquals(expected, buffer.get(0));
            expected += 2;
            count++;
            if (begins && enough.get()) {
                channel.shutdownOutput();
                return count;
            }
            channel.write(ByteBuffer.wrap(new byte[] {(byte) (buffer.get(0) + 1)}));
        }
    }

    /// H8.
    @Test
    void busyThreadBlocksOnlyItsCarrierAndIsReported() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        AtomicBoolean enough = new AtomicBoolean();
        FutureTask<String> spinning = start(carrier, () -> spinUntil(busy, enough));
        try {
            busy.await();
            assertEquals("served", start(other, () -> "served").get());
            String told = "";
            while (!told.contains("stuck")) {
                told = WARNINGS.take();
            }
            assertTrue(told.startsWith("selvage-carrier-0 has been stuck for") && told.contains("spinUntil"), told);
            for (int i = 0; i < 10; i++) {
                assertEquals(other, CARRIERS.leastBusy());
            }
            assertTrue(CARRIERS.snapshot().carriers().get(0).stalls().stuck());
        } finally {
            enough.set(true);
        }
        spinning.get();
        spinWhile(() -> CARRIERS.snapshot().carriers().get(0).stalls().stuck());
        assertTrue(CARRIERS.snapshot().carriers().get(0).stalls().longestNanos() >= 200_000_000);
    }

    private static String spinUntil(CountDownLatch begun, AtomicBoolean enough) {
        begun.countDown();
        spinWhile(() -> !enough.get());
        return "done";
    }

    /// Holds its carrier, though not for ever.
    private static void spinWhile(BooleanSupplier condition) {
        long until = in(20_000);
        while (condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - until < 0, "it spins for ever");
            Thread.onSpinWait();
        }
    }

    /// H2: a class initialiser pins the thread that waits in it, and with it the carrier that would wake it.
    @Test
    void threadPinnedInAClassInitialiserIsWoken() throws Exception {
        try (Pair pair = Pair.open()) {
            Pinning.waits = () -> carrier.register(pair.near()).awaitReadable(in(20_000));
            FutureTask<Boolean> initialised = start(carrier, () -> Pinning.Initialised.READABLE);
            pair.send(1);
            assertTrue(initialised.get());
        }
        try (Pair pair = Pair.open()) {
            Pinning.waits = () -> carrier.register(pair.near()).awaitReadable(in(400));
            assertFalse(run(() -> Pinning.TimedOut.READABLE));
        }
    }

    private static final class Pinning {
        private static Callable<Boolean> waits = () -> false;

        private static boolean waited() {
            try {
                return waits.call();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        private static final class Initialised {
            private static final boolean READABLE = waited();
        }

        private static final class TimedOut {
            private static final boolean READABLE = waited();
        }
    }

    /// H9: a file whose reader waits, as on a disk that does not answer.
    @Test
    void blockingWorkDoesNotBlockTheCarrier(@TempDir Path folder) throws Exception {
        Path fifo = folder.resolve("fifo");
        assertEquals(0, new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor());
        FutureTask<String> reading = start(carrier, () -> BlockingExecutor.call(() -> Files.readString(fifo)));
        assertEquals("served meanwhile", run(() -> "served meanwhile"));
        assertFalse(reading.isDone());
        try (FileChannel writer = FileChannel.open(fifo, StandardOpenOption.WRITE)) {
            writer.write(ByteBuffer.wrap("late".getBytes()));
        }
        assertEquals("late", reading.get());
    }

    @Test
    void exceptionOfBlockingWorkIsThrownToTheCaller() throws Exception {
        run(() -> {
            assertThrows(IOException.class, () -> BlockingExecutor.call(() -> {
                throw new IOException("disk");
            }));
            assertThrows(IllegalStateException.class, () -> BlockingExecutor.call(() -> {
                throw new IllegalStateException("bug");
            }));
            return null;
        });
    }

    @Test
    void callerOutsideACarrierRunsTheWorkItself() {
        assertEquals(Thread.currentThread(), BlockingExecutor.call(Thread::currentThread));
    }

    @Test
    void interruptDuringBlockingWorkIsPreserved() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        FutureTask<Boolean> working = new FutureTask<>(() -> {
            BlockingExecutor.call(() -> {
                begun.countDown();
                goOn.await();
                return "";
            });
            return Thread.interrupted();
        });
        Thread thread = carrier.thread("", working);
        thread.start();
        begun.await();
        thread.interrupt();
        run(() -> "a turn");
        assertFalse(working.isDone());
        goOn.countDown();
        assertTrue(working.get());
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
            FutureTask<String> holding = start(carrier, () -> {
                theirs.send(1);
                spinWhile(() -> woken.getCount() > 0);
                return "held";
            });
            assertEquals("held", holding.get());
            ours.send(1);
            assertEquals(1, first.get());
        }
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

    /// A poller that reports nothing when it polls, as if every wake-up were lost.
    private static final class SilentPoller implements Poller {
        private final NioPoller inner = new NioPoller();

        SilentPoller() throws IOException {
        }

        @Override
        public Registration register(SelectableChannel channel, Readiness readiness) throws IOException {
            Registration registration = inner.register(channel, readiness);
            return new Registration() {
                @Override
                public boolean watchFor(int operations) {
                    return true;
                }

                @Override
                public boolean isValid() {
                    return registration.isValid();
                }
            };
        }

        @Override
        public void poll(long millis) throws IOException {
            inner.poll(millis);
        }

        @Override
        public void pollNow() throws IOException {
            inner.pollNow();
        }

        @Override
        public void wakeup() {
            inner.wakeup();
        }

        @Override
        public boolean isReady(Registration registration, int operation) {
            return true;
        }
    }

    @Test
    void canaryFindsALostWakeup() throws Exception {
        Carrier where = Carrier.start(0, new SilentPoller());
        try (Pair pair = Pair.open()) {
            FutureTask<Boolean> reading = start(where, () -> where.register(pair.near()).awaitReadable(in(300)));
            pair.send(1);
            assertTrue(reading.get(), "it was woken as if by the byte, not by the deadline");
            assertEquals(1, where.snapshot().lostWakeups());
        }
    }

    @Test
    void canaryIgnoresAValidWait() throws Exception {
        for (int i = 0; i < 3; i++) {
            try (Pair pair = Pair.open()) {
                assertFalse(run(() -> carrier.register(pair.near()).awaitReadable(in(30))));
            }
        }
    }

}
