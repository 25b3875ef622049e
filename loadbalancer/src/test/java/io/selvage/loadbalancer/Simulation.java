package io.selvage.loadbalancer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// Traffic through an [Upstream] in virtual time, on one thread and from a seed: every run of a scenario is the same.
///
/// Requests arrive at random moments, 200 a second for 30 s, from 1,000 clients. One that fails on a peer tries the next.
final class Simulation {
    private static final Duration LENGTH = Duration.ofSeconds(30);
    private static final Duration WINDOW = Duration.ofSeconds(5);
    private static final double PER_SECOND = 200;
    private static final int CLIENTS = 1000;
    private static final Duration REFUSAL = Duration.ofMillis(1);
    private static final Duration PROBE_INTERVAL = Duration.ofSeconds(1);
    private static final Duration PROBE_TIMEOUT = Duration.ofMillis(900);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final long seed;
    private final List<SimulatedPeer> peers = new ArrayList<>();

    Simulation(long seed) {
        this.seed = seed;
    }

    /// @param line the arguments of `server` in a configuration
    SimulatedPeer peer(String line) {
        var peer = new SimulatedPeer(line);
        peers.add(peer);
        return peer;
    }

    Tally run(Policy policy) {
        return run(policy, HealthRules.NONE);
    }

    /// @param health with the checks whose probes are sent every second, to fail after 900 ms
    Tally run(Policy policy, HealthRules health) {
        return new Run(policy, health).toTheEnd();
    }

    /// Runs every policy and compares the report with the committed one. `-Dupdate` rewrites it.
    void assertEqualsReport(String report) throws IOException {
        StringBuilder text = heading(report);
        for (Policy policy : Policies.ALL) {
            text.append("\n## ").append(Policies.directive(policy)).append("\n\n").append(run(policy).table(addresses()));
        }
        assertIsCommitted(report, text);
    }

    /// Runs both policies without a key with all sets of rules, and compares the report with the committed one.
    void assertEqualsReport(String report, Map<String, HealthRules> rules) throws IOException {
        StringBuilder text = heading(report);
        for (Policy policy : List.of(new Policy.RoundRobin(), new Policy.LeastConnections())) {
            rules.forEach((name, health) -> text.append("\n## ").append(Policies.directive(policy)).append(", ").append(name)
                    .append("\n\n").append(run(policy, health).table(addresses())));
        }
        assertIsCommitted(report, text);
    }

    private List<String> addresses() {
        return peers.stream().map(peer -> peer.spec.address()).toList();
    }

    private StringBuilder heading(String report) {
        var text = new StringBuilder("# " + report.replace('-', ' ').replace(".md", "") + "\n\n");
        peers.forEach(peer -> text.append("- ").append(peer).append('\n'));
        return text;
    }

    private static void assertIsCommitted(String report, StringBuilder text) throws IOException {
        Path file = Path.of("src", "test", "resources", "simulation", report);
        if (System.getProperty("update") != null) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        }
        assertEquals(Files.readString(file), text.toString());
    }

    /// One run of one policy.
    private final class Run {
        private record Event(Duration at, long number, Runnable what) {
        }

        private final PriorityQueue<Event> events =
                new PriorityQueue<>(Comparator.comparing(Event::at).thenComparing(Event::number));
        private final SplittableRandom arrivals = new SplittableRandom(seed);
        private final SplittableRandom service = new SplittableRandom(seed + 1);
        private final Tally tally = new Tally(WINDOW, LENGTH);
        private final Upstream upstream;
        private Duration now = Duration.ZERO;
        private long scheduled;

        Run(Policy policy, HealthRules health) {
            var spec = new UpstreamSpec("app", peers.stream().map(peer -> peer.spec).toList(), policy).withHealth(health);
            upstream = new Upstream(spec, new PeerStates(), () -> now.toNanos(), new SplittableRandom(seed + 2));
        }

        Tally toTheEnd() {
            arrive();
            upstream.spec().health().checks().forEach(check -> peers.forEach(peer -> probe(check, peer)));
            while (!events.isEmpty()) {
                Event next = events.remove();
                now = next.at();
                next.what().run();
            }
            assertEquals(0, upstream.snapshot().stream().mapToInt(UpstreamSnapshot::inFlight).sum());
            return tally;
        }

        private void arrive() {
            long wait = (long) (-StrictMath.log(1 - arrivals.nextDouble()) / PER_SECOND * 1e9);
            Duration at = now.plusNanos(wait);
            byte[] client = {10, (byte) arrivals.nextInt(CLIENTS / 250), (byte) arrivals.nextInt(250), 1};
            if (at.compareTo(LENGTH) < 0) {
                later(at, () -> {
                    attempt(at, client, new Tried());
                    arrive();
                });
            }
        }

        private void attempt(Duration arrival, byte[] client, Tried tried) {
            Optional<Lease> picked = upstream.pick(client, tried);
            if (picked.isEmpty()) {
                tally.unanswered(arrival);
                return;
            }
            Lease lease = picked.get();
            int index = upstream.spec().peers().indexOf(lease.peer());
            tally.attempted(arrival, upstream.snapshot().get(index));
            switch (peers.get(index).at(now)) {
                case SimulatedPeer.Behaviour.Answers(Duration in) -> later(now.plus(aboutAs(in)), () -> {
                    end(lease, 200);
                    tally.answered(arrival, now.minus(arrival));
                });
                case SimulatedPeer.Behaviour.Errs(Duration in) -> later(now.plus(aboutAs(in)), () -> {
                    end(lease, 500);
                    tally.erred(arrival);
                });
                case SimulatedPeer.Behaviour.Refuses() -> failLater(REFUSAL, lease, arrival, client, tried);
                case SimulatedPeer.Behaviour.Hangs() -> failLater(PATIENCE, lease, arrival, client, tried);
            }
        }

        private static void end(Lease lease, int status) {
            lease.headReceived(status);
            lease.succeeded();
            lease.close();
        }

        private void probe(HealthCheck check, SimulatedPeer peer) {
            String address = peer.spec.address();
            switch (peer.at(now)) {
                case SimulatedPeer.Behaviour.Answers(Duration in) when in.compareTo(PROBE_TIMEOUT) < 0 ->
                    later(now.plus(in), () -> upstream.probePassed(check, address));
                case SimulatedPeer.Behaviour.Errs(Duration in) ->
                    later(now.plus(in), () -> upstream.probeFailed(check, address, "status 500"));
                case SimulatedPeer.Behaviour.Refuses() ->
                    later(now.plus(REFUSAL), () -> upstream.probeFailed(check, address, "refused"));
                case SimulatedPeer.Behaviour.Answers _, SimulatedPeer.Behaviour.Hangs _ ->
                    later(now.plus(PROBE_TIMEOUT), () -> upstream.probeFailed(check, address, "no response"));
            }
            Duration next = now.plus(PROBE_INTERVAL);
            if (next.compareTo(LENGTH) < 0) {
                later(next, () -> probe(check, peer));
            }
        }

        private void failLater(Duration wait, Lease lease, Duration arrival, byte[] client, Tried tried) {
            later(now.plus(wait), () -> {
                lease.failed();
                lease.close();
                tally.failed(arrival, lease.address());
                attempt(arrival, client, tried);
            });
        }

        private Duration aboutAs(Duration time) {
            return Duration.ofNanos((long) (time.toNanos() * (0.5 + service.nextDouble())));
        }

        private void later(Duration at, Runnable what) {
            events.add(new Event(at, scheduled++, what));
        }
    }
}
