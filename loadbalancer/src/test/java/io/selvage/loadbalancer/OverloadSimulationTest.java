package io.selvage.loadbalancer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// An application of synchronous workers at twice its capacity, in virtual time. Requests beyond the workers wait in the
/// application's own backlog, whether or not their clients are still there; a client leaves after one second. The report is
/// `src/test/resources/simulation/overload.md`; `-Dupdate` rewrites it.
class OverloadSimulationTest {
    private static final int WORKERS = 4;
    private static final long MILLI = 1_000_000;
    private static final long SERVICE = 20 * MILLI;
    private static final long PATIENCE = 1000 * MILLI;
    private static final long LENGTH = 20_000 * MILLI;
    private static final double PER_SECOND = 400;
    private static final Duration HALF = Duration.ofMillis(500);
    private static final Path REPORT = Path.of("src", "test", "resources", "simulation", "overload.md");

    /// What became of the requests of a run.
    private static final class Outcomes {
        private final List<Long> served = new ArrayList<>();
        private int refused;
        private int timedOut;
        private int mostInFlight;

        double goodput() {
            return served.size() * 1e9 / LENGTH / (WORKERS * 1e9 / SERVICE);
        }

        long percentile(double part) {
            Collections.sort(served);
            return served.isEmpty() ? 0 : served.get((int) (part * (served.size() - 1))) / MILLI;
        }

        String row(String configuration) {
            return "| %s | %d | %d | %d | %.1f %% | %d | %d | %d |%n".formatted(configuration, served.size(), refused, timedOut,
                    100 * goodput(), percentile(0.5), percentile(0.99), mostInFlight);
        }
    }

    private static final class Run {
        private record Event(long at, long number, Runnable what) {
        }

        private record Work(Lease lease, long arrival) {
        }

        private final PriorityQueue<Event> events =
                new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::number));
        private final SplittableRandom random = new SplittableRandom(7);
        private final Queue<Work> backlog = new ArrayDeque<>();
        private final Set<QueuePlace> ended = new HashSet<>();
        private final Outcomes outcomes = new Outcomes();
        private final Upstream upstream;
        private int idle = WORKERS;
        private long now;
        private long scheduled;

        Run(String server, Optional<QueueSpec> queue) {
            UpstreamSpec spec = TestUpstream.spec(new Policy.RoundRobin(), server);
            upstream = new Upstream(queue.map(spec::withQueue).orElse(spec), new PeerStates(), () -> now, random);
        }

        Outcomes toTheEnd() {
            arrive();
            while (!events.isEmpty()) {
                Event next = events.remove();
                now = next.at();
                next.what().run();
            }
            assertEquals(0, upstream.snapshot().getFirst().inFlight());
            assertEquals(0, upstream.queueSnapshot().length());
            return outcomes;
        }

        private void later(long at, Runnable what) {
            events.add(new Event(at, scheduled++, what));
        }

        private void arrive() {
            long at = now + (long) (-StrictMath.log(1 - random.nextDouble()) / PER_SECOND * 1e9);
            if (at < LENGTH) {
                later(at, () -> {
                    request();
                    arrive();
                });
            }
        }

        private void request() {
            long arrival = now;
            var tried = new Tried();
            Optional<Lease> lease = upstream.pick(TestUpstream.NO_KEY, tried);
            if (lease.isPresent()) {
                send(new Work(lease.get(), arrival));
            } else if (upstream.mayWait(tried)) {
                waitFor(arrival, tried);
            } else {
                outcomes.refused++;
            }
        }

        private void waitFor(long arrival, Tried tried) {
            QueuePlace[] place = new QueuePlace[1];
            Optional<QueuePlace> entered = upstream.enqueue(TestUpstream.NO_KEY, "", tried,
                    () -> later(now, () -> poll(place[0], arrival)), Duration.ofNanos(PATIENCE));
            if (entered.isEmpty()) {
                outcomes.refused++;
                return;
            }
            place[0] = entered.get();
            later(now, () -> poll(place[0], arrival));
        }

        /// May come more than once for one place; only the first call after its end counts.
        private void poll(QueuePlace place, long arrival) {
            if (ended.contains(place)) {
                return;
            }
            switch (place.poll()) {
                case QueuePlace.Turn.Served(Lease lease) -> {
                    ended.add(place);
                    send(new Work(lease, arrival));
                }
                case QueuePlace.Turn.Expired() -> {
                    ended.add(place);
                    outcomes.refused++;
                }
                case QueuePlace.Turn.Wait(long nanos) -> later(now + nanos, () -> poll(place, arrival));
            }
        }

        private void send(Work work) {
            outcomes.mostInFlight = Math.max(outcomes.mostInFlight, upstream.snapshot().getFirst().inFlight());
            backlog.add(work);
            work();
        }

        private void work() {
            if (idle > 0 && !backlog.isEmpty()) {
                idle--;
                Work work = backlog.remove();
                later(now + (long) (SERVICE * (0.9 + 0.2 * random.nextDouble())), () -> {
                    idle++;
                    end(work);
                    work();
                });
            }
        }

        private void end(Work work) {
            if (now - work.arrival() <= PATIENCE) {
                outcomes.served.add(now - work.arrival());
            } else {
                outcomes.timedOut++;
            }
            work.lease().headReceived(200);
            work.lease().succeeded();
            work.lease().close();
        }
    }

    private static Outcomes run(String server, int queue, Duration timeout) {
        return new Run(server, queue == 0 ? Optional.empty() : Optional.of(new QueueSpec(queue, timeout))).toTheEnd();
    }

    @Test
    void report() throws IOException {
        String text = """
                # overload

                4 workers, 20 ms for each request, 400 requests a second for 20 s: twice the capacity. A client leaves after 1 s.
                Goodput is the part of the capacity that answered in time. Times are in milliseconds.

                | configuration | in time | refused | too late | goodput | median | 99 % | most in flight |
                |---|--:|--:|--:|--:|--:|--:|--:|
                """
                + run("a", 0, HALF).row("no limit")
                + run("a max_conns=4", 0, HALF).row("`max_conns=4`")
                + run("a max_conns=4", 50, HALF).row("`max_conns=4`, `queue 50 timeout=500ms`")
                + run("a max_conns=4", 1000, HALF).row("`max_conns=4`, `queue 1000 timeout=500ms`")
                + run("a max_conns=auto", 50, HALF).row("`max_conns=auto`, `queue 50 timeout=500ms`");
        if (System.getProperty("update") != null) {
            Files.writeString(REPORT, text);
        }
        assertEquals(Files.readString(REPORT), text);
    }

    @Test
    void queueKeepsTheGoodputAndTheDeadline() {
        for (String limit : List.of("4", "auto")) {
            Outcomes outcomes = run("a max_conns=" + limit, 50, HALF);
            assertTrue(outcomes.goodput() >= 0.95, () -> limit + ": goodput " + outcomes.goodput());
            assertEquals(0, outcomes.timedOut);
            assertTrue(outcomes.percentile(0.99) < 600, () -> limit + ": 99 % in " + outcomes.percentile(0.99) + " ms");
        }
    }

    @Test
    void withoutLimitAlmostEveryRequestIsTooLate() {
        assertTrue(run("a", 0, HALF).goodput() < 0.1);
    }
}
