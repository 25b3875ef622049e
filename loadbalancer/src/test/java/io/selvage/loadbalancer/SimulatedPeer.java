package io.selvage.loadbalancer;

import java.time.Duration;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A peer of a [Simulation]: its line in the configuration, and how it behaves from when on.
final class SimulatedPeer {
    /// What becomes of an attempt that begins now.
    sealed interface Behaviour {
        /// An answer after this time, give or take a half.
        record Answers(Duration in) implements Behaviour {
            @Override
            public String toString() {
                return "answers in about " + in.toMillis() + " ms";
            }
        }

        /// A refused connection, known at once.
        record Refuses() implements Behaviour {
            @Override
            public String toString() {
                return "refuses";
            }
        }

        /// Silence, until whoever waits gives up.
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

    SimulatedPeer refuses() {
        byStart.put(start, new Behaviour.Refuses());
        return this;
    }

    SimulatedPeer hangs() {
        byStart.put(start, new Behaviour.Hangs());
        return this;
    }

    /// What follows holds from this second on.
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
