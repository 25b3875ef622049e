package io.selvage.loadbalancer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Properties that hold for every interleaving of threads. No assertion depends on time.
class ManyThreadsTest {
    private static final int THREADS = 16;
    private static final int ROUNDS = 2_000;

    private interface Work {
        void run(SplittableRandom random) throws Exception;
    }

    private static void onManyThreads(Work work) throws ExecutionException, InterruptedException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Object>> ends = IntStream.range(0, THREADS).mapToObj(i -> threads.submit(() -> {
                var random = new SplittableRandom(i);
                for (int round = 0; round < ROUNDS; round++) {
                    work.run(random);
                }
                return (Object) i;
            })).toList();
            for (Future<Object> end : ends) {
                end.get();
            }
        }
    }

    static Policy[] policies() {
        return Policies.ALL;
    }

    @ParameterizedTest
    @MethodSource("policies")
    void limitsHoldWhileConfigurationsChange(Policy policy) throws Exception {
        var states = new PeerStates();
        var clock = new AtomicLong();
        var spec = TestUpstream.spec(policy,
                "a max_conns=2 max_fails=0", "b max_conns=3 fail_timeout=0s", "c max_conns=1 backup");
        List<Upstream> graphs = IntStream.range(0, 4)
                .mapToObj(i -> new Upstream(spec, states, clock::incrementAndGet, new SplittableRandom(i))).toList();
        ConcurrentHashMap<String, AtomicInteger> open = new ConcurrentHashMap<>();
        var given = new AtomicLong();

        onManyThreads(random -> {
            Upstream upstream = graphs.get(random.nextInt(graphs.size()));
            byte[] key = {(byte) random.nextInt(), 1, 2, 3};
            Optional<Lease> lease = upstream.pick(key, new Tried());
            if (lease.isPresent()) {
                AtomicInteger here = open.computeIfAbsent(lease.get().address(), _ -> new AtomicInteger());
                assertTrue(here.incrementAndGet() <= lease.get().peer().maxConns());
                given.incrementAndGet();
                Thread.yield();
                if (random.nextInt(4) == 0) {
                    lease.get().failed();
                } else {
                    lease.get().succeeded();
                }
                here.decrementAndGet();
                lease.get().close();
                lease.get().close();
            }
        });

        List<UpstreamSnapshot> peers = graphs.getFirst().snapshot();
        assertEquals(0, peers.stream().mapToInt(UpstreamSnapshot::inFlight).sum());
        assertEquals(given.get(), peers.stream().mapToLong(peer -> peer.totals().chosen()).sum());
        assertEquals(given.get(), peers.stream().mapToLong(peer -> peer.totals().succeeded() + peer.totals().failed()).sum());
    }

    /// A request that is never woken would wait for its whole timeout, an hour, and the test with it.
    @Test
    @Timeout(60)
    void everyRequestThatWaitsIsServedOrLeaves() throws Exception {
        var states = new PeerStates();
        var spec = TestUpstream.spec(new Policy.RoundRobin(), "a max_conns=2", "b max_conns=1")
                .withQueue(new QueueSpec(THREADS, Duration.ofHours(1)));
        List<Upstream> graphs = IntStream.range(0, 2)
                .mapToObj(i -> new Upstream(spec, states, System::nanoTime, new SplittableRandom(i))).toList();
        var inFlight = new AtomicInteger();
        var served = new AtomicInteger();
        var left = new AtomicInteger();

        onManyThreads(random -> {
            Thread thread = Thread.currentThread();
            QueuePlace place = graphs.get(random.nextInt(2)).enqueue(TestUpstream.NO_KEY, "", new Tried(),
                    () -> LockSupport.unpark(thread), Duration.ofHours(1)).orElseThrow();
            if (random.nextInt(4) == 0) {
                Thread.yield();
                place.leave();
                left.incrementAndGet();
                return;
            }
            while (place.poll() instanceof QueuePlace.Turn turn && !(turn instanceof QueuePlace.Turn.Served(Lease lease)
                    && use(lease, inFlight))) {
                LockSupport.parkNanos(Duration.ofMinutes(10).toNanos());
            }
            served.incrementAndGet();
        });

        assertEquals(THREADS * ROUNDS, served.get() + left.get());
        QueueSnapshot queue = graphs.getFirst().queueSnapshot();
        assertEquals(0, queue.length());
        assertEquals(THREADS * ROUNDS, queue.totals().served() + queue.totals().left());
        assertEquals(0, graphs.getFirst().snapshot().stream().mapToInt(UpstreamSnapshot::inFlight).sum());
    }

    private static boolean use(Lease lease, AtomicInteger inFlight) {
        assertTrue(inFlight.incrementAndGet() <= 3);
        Thread.yield();
        inFlight.decrementAndGet();
        lease.succeeded();
        lease.close();
        return true;
    }

    @Test
    void upstreamsOfOneNameShareAMonitor() {
        var states = new PeerStates();
        List<Boolean> held = new ArrayList<>();
        LongSupplier clock = () -> {
            held.add(Thread.holdsLock(states.of("app")));
            return 0;
        };
        var spec = TestUpstream.spec(new Policy.RoundRobin(), "a", "b");
        var before = new Upstream(spec, states, clock, new SplittableRandom(1));
        var after = new Upstream(spec, states, clock, new SplittableRandom(1));
        held.clear();

        before.pick(TestUpstream.NO_KEY, new Tried()).orElseThrow().failed();
        after.pick(TestUpstream.NO_KEY, new Tried()).orElseThrow().failed();
        after.snapshot();

        assertEquals(List.of(true, true, true, true, true), held);
    }

    @Test
    void manyThreadsTakeTheSameTurnsAsOne() throws Exception {
        var upstream = new Upstream(TestUpstream.spec(new Policy.RoundRobin(), "a weight=5", "b weight=2", "c"),
                new PeerStates(), () -> 0, new SplittableRandom(1));

        onManyThreads(_ -> upstream.pick(TestUpstream.NO_KEY, new Tried()).orElseThrow().close());

        assertEquals(List.of(20_000L, 8_000L, 4_000L), upstream.snapshot().stream().map(peer -> peer.totals().chosen()).toList());
    }

    @Test
    void idleConnectionIsTakenByOneThread() throws Exception {
        var clock = new AtomicLong();
        var pool = new IdlePool<Integer>(KeepAlive.of(8), clock::incrementAndGet);
        Set<Integer> held = ConcurrentHashMap.newKeySet();
        Set<Integer> closed = ConcurrentHashMap.newKeySet();
        var opened = new AtomicInteger();

        onManyThreads(random -> {
            String address = "peer" + random.nextInt(3);
            Integer connection = pool.take(address).orElseGet(opened::incrementAndGet);
            assertTrue(held.add(connection), "in two hands: " + connection);
            Thread.yield();
            held.remove(connection);
            pool.give(address, connection, new IdlePool.Facts(0, 1)).ifPresent(closed::add);
            if (random.nextInt(50) == 0) {
                closed.addAll(pool.expired(clock.get() + 1_000_000_000_000L));
            }
        });

        assertTrue(pool.size() <= 8);
        Set<Integer> all = new HashSet<>(pool.drain());
        all.addAll(closed);
        assertEquals(opened.get(), all.size());
    }
}
