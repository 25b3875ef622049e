package io.selvage.loadbalancer;

import java.time.Duration;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A peer of a [Simulation]: its line in the configuration, and its behaviour over time.
final class SimulatedPeer {
    /// The result of an attempt.
    sealed interface Behaviour {
        /// An answer after this time, varied by up to 50 %.
        record Answers(Duration in) implements Behaviour {
            @Override
            public String toString() {
                return "answers in about " + in.toMillis() + " ms";
            }
        }

        /// A response of status 500 after this time, varied by up to 50 %.
        record Errs(Duration in) implements Behaviour {
            @Override
            public String toString() {
                return "answers 500 in about " + in.toMillis() + " ms";
            }
        }

        /// An immediately refused connection.
        record Refuses() implements Behaviour {
            @Override
            public String toString() {
                return "refuses";
            }
        }

        /// No answer until the timeout.
        record Hangs() implements Behaviour {
            @Override
            public String toString() {
                return "hangs";
            }
        }
    }

    final PeerSpec spec;

    private final String line;
    private final TreeMap<Duration, Behaviour> byStart = new TreeMap<>();
    private Duration start = Duration.ZERO;

    SimulatedPeer(String line) {
        this.line = line;
        this.spec = TestUpstream.peer(line);
    }

    SimulatedPeer answersIn(Duration time) {
        byStart.put(start, new Behaviour.Answers(time));
        return this;
    }

    SimulatedPeer errsIn(Duration time) {
        byStart.put(start, new Behaviour.Errs(time));
        return this;
    }

    SimulatedPeer refuses() {
        byStart.put(start, new Behaviour.Refuses());
        return this;
    }

    SimulatedPeer hangs() {
        byStart.put(start, new Behaviour.Hangs());
        return this;
    }

    /// The following behaviour applies from this second on.
    SimulatedPeer from(int second) {
        start = Duration.ofSeconds(second);
        return this;
    }

    Behaviour at(Duration time) {
        return byStart.floorEntry(time).getValue();
    }

    @Override
    public String toString() {
        return "`" + line + "` " + byStart.entrySet().stream()
                .map(phase -> phase.getValue() + " from " + phase.getKey().toSeconds() + " s on")
                .collect(Collectors.joining(", "));
    }
}
