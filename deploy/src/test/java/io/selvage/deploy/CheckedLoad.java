package io.selvage.deploy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

import static org.junit.jupiter.api.Assertions.fail;

/// Clients that send 200 numbered requests a second, whether or not the earlier ones have been answered, and check every answer.
/// A request that fails is not repeated.
final class CheckedLoad implements AutoCloseable {
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1) / 200;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final AtomicLong NUMBERS = new AtomicLong();

    /// How the clients use connections.
    enum Connections {
        /// A connection is kept for later requests.
        KEPT,
        /// Each request has a connection of its own.
        NEW
    }

    private final int port;
    private final Connections connections;
    private final List<String> locations;
    private final Deque<RawHttp> idle = new ConcurrentLinkedDeque<>();
    private final Set<RawHttp> used = ConcurrentHashMap.newKeySet();
    private final List<Thread> exchanges = new ArrayList<>();              // the pacing thread's, until it has ended
    private final List<Outcome> outcomes = new ArrayList<>();              // guarded by itself, which is notified of additions
    private final Thread pacing;
    private volatile boolean over;

    /// @param locations get requests in turn; each has a slash at both ends
    CheckedLoad(int port, Connections connections, String... locations) {
        this.port = port;
        this.connections = connections;
        this.locations = List.of(locations);
        this.pacing = Thread.ofVirtual().start(this::send);
    }

    private void send() {
        long due = System.nanoTime();
        for (int i = 0; !over; i++) {
            var request = NumberedRequest.of(NUMBERS.getAndIncrement(), locations.get(i % locations.size()));
            exchanges.add(Thread.startVirtualThread(() -> add(exchange(request))));
            due += PERIOD_NANOS;
            for (long left = due - System.nanoTime(); left > 0 && !over; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
        }
    }

    private void add(Outcome outcome) {
        synchronized (outcomes) {
            outcomes.add(outcome);
            outcomes.notifyAll();
        }
    }

    private Outcome exchange(NumberedRequest request) {
        long started = System.nanoTime();
        RawHttp.Head head = new RawHttp.Head("", List.of());
        try {
            RawHttp http = connection();
            boolean kept = false;
            used.add(http);
            try {
                head = http.send(request.bytes()).head();
                byte[] body = http.body(head);
                kept = connections == Connections.KEPT && !head.value("connection").equals("close");
                return answered(request, head, body, started);
            } finally {
                used.remove(http);
                if (kept) {
                    idle.push(http);
                } else {
                    http.close();
                }
            }
        } catch (IOException | RuntimeException e) {           // the latter for an answer that cannot be parsed
            boolean none = head.statusLine().isEmpty();
            return new Outcome(request, none ? Outcome.Kind.LOST : Outcome.Kind.CUT, none ? 0 : head.status(),
                    head.value("upstream"), e.toString(), started);
        }
    }

    private RawHttp connection() throws IOException {
        RawHttp kept = idle.poll();
        return kept == null ? new RawHttp(port) : kept;
    }

    private static Outcome answered(NumberedRequest request, RawHttp.Head head, byte[] body, long started) {
        Outcome.Kind kind = head.status() != 200 ? Outcome.Kind.REFUSED
                : request.isAnsweredBy(body) ? Outcome.Kind.RIGHT : Outcome.Kind.WRONG;
        return new Outcome(request, kind, head.status(), head.value("upstream"), "", started);
    }

    /// Waits until this many more requests have been answered rightly.
    void awaitAnswers(int count) throws InterruptedException {
        await(count, Outcome::isRight);
    }

    /// Waits for this many more such outcomes.
    void await(int count, Predicate<Outcome> wanted) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        synchronized (outcomes) {
            int from = outcomes.size();
            for (int left = count; left > 0; from++) {
                while (from == outcomes.size()) {
                    long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                    if (millis <= 0) {
                        fail("still " + left + " of " + count + " to come; so far: " + count() + failures());
                    }
                    outcomes.wait(millis);
                }
                left -= wanted.test(outcomes.get(from)) ? 1 : 0;
            }
        }
    }

    /// Stops sending, waits for the answers to what was sent, and closes the connections.
    private void stop() throws IOException, InterruptedException {
        over = true;
        LockSupport.unpark(pacing);
        pacing.join();
        for (Thread exchange : exchanges) {
            exchange.join();
        }
        for (RawHttp http = idle.poll(); http != null; http = idle.poll()) {
            http.close();
        }
    }

    /// Stops and looks for
    ///
    /// * requests that failed and may not fail;
    /// * answers with another body, whether or not the request may fail;
    /// * right answers of a peer to requests that no peer has processed;
    /// * POSTs that were processed twice.
    ///
    /// @param executions how often the peers processed each request; read after the last answer
    List<String> stopAndCheck(Executions executions, Predicate<Outcome> mayFail) throws IOException, InterruptedException {
        var problems = new ArrayList<String>();
        stop();
        for (Outcome failed : failures()) {
            if (failed.kind() == Outcome.Kind.WRONG || !mayFail.test(failed)) {
                problems.add(failed.toString());
            }
        }
        Map<Long, Integer> counts = executions.counts();
        synchronized (outcomes) {
            for (Outcome outcome : outcomes) {
                int count = counts.getOrDefault(outcome.request().number(), 0);
                boolean isLost = outcome.isRight() && !outcome.upstream().isEmpty() && count == 0;
                if (outcome.request().isPost() && count > 1 || isLost) {
                    problems.add("processed " + count + " times: " + outcome);
                }
            }
        }
        return problems;
    }

    private List<Outcome> failures() {
        synchronized (outcomes) {
            return outcomes.stream().filter(outcome -> !outcome.isRight()).toList();
        }
    }

    private int count() {
        synchronized (outcomes) {
            return outcomes.size();
        }
    }

    /// Breaks off the requests under way, if there are any left.
    @Override
    public void close() throws IOException {
        over = true;
        try {
            pacing.join();
            for (RawHttp http : used) {
                http.close();
            }
            stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
