package io.selvage.perf.race;

import io.selvage.perf.http.Request;
import io.selvage.perf.input.UserError;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The work and the targets of a race.
///
/// @param starts the number of starts of each target to measure the time to its first answer; the last one is used for the rest
/// @param targets the first is compared with each of the others, then the others among themselves
public record Scenario(String name, String about, Work work, Idle idle, int starts, Loads loads, Pace pace,
        List<Entrant> targets) {
    /// The minimum number of rounds for an interval.
    public static final int FEWEST_ROUNDS = 3;

    /// Whether connections are encrypted, and how new ones begin.
    public enum Tls {
        /// Plain connections.
        NONE,
        /// Each connection makes a full handshake.
        FULL,
        /// Connections resume the sessions of earlier ones.
        RESUMED
    }

    /// The work of every target.
    ///
    /// @param connections the number of open connections
    /// @param streams concurrent requests of each connection over HTTP/2; 0 for HTTP/1.1
    /// @param close true for a new connection for each request
    /// @param tls how connections are encrypted
    /// @param files names and sizes in bytes of the files that all targets serve
    /// @param peer the application behind the targets
    /// @param timeout the timeout of one exchange
    public record Work(Request request, int connections, int streams, boolean close, Tls tls,
            Map<String, Long> files, TestPeer.Spec peer, Duration timeout) {
        public Work {
            files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
        }
    }

    /// The measurement of idle connections.
    ///
    /// @param connections their number; 0 for no such measurement
    /// @param time the duration of the measurement of CPU time
    public record Idle(int connections, Duration time) {
    }

    /// The durations of a race.
    ///
    /// @param warmUp before the first round of a target; if empty, until its CPU time per answer has stopped falling
    public record Pace(int rounds, Duration round, Optional<Duration> warmUp) {
    }

    /// A target as the files describe it. The words of its commands may contain the placeholders of [ConfigTemplate].
    ///
    /// @param version a command that prints its version; may be empty
    /// @param config a template in the scenario's folder
    public record Entrant(String name, List<String> command, List<String> version, Path config) {
        public Entrant {
            command = List.copyOf(command);
            version = List.copyOf(version);
        }

        Entrant from(String other, Path home) {
            var there = new ConfigTemplate(Map.of("home", home.toString()));
            return new Entrant(other, command.stream().map(there::fill).toList(), version.stream().map(there::fill).toList(),
                    config);
        }

        /// A copy that is started by another command.
        Entrant withCommand(List<String> other) {
            return new Entrant(name, other, version, config);
        }
    }

    public Scenario {
        targets = List.copyOf(targets);
    }

    /// A copy with only the targets of these names; all targets if the list is empty.
    public Scenario withOnly(List<String> names) throws UserError {
        for (String each : names) {
            if (targets.stream().noneMatch(target -> target.name().equals(each))) {
                throw new UserError("the scenario " + name + " has no target \"" + each + "\"");
            }
        }
        return withTargets(targets.stream().filter(target -> names.isEmpty() || names.contains(target.name())).toList());
    }

    /// A copy with these targets.
    public Scenario withTargets(List<Entrant> some) {
        return new Scenario(name, about, work, idle, starts, loads, pace, some);
    }

    /// A copy with one target for each of these source folders, by name, instead of the written ones: the first of them with its
    /// `${home}` there. No change if there are no folders.
    public Scenario withBuilds(Map<String, Path> folders) {
        Entrant first = targets.getFirst();
        return folders.isEmpty() ? this : withTargets(folders.entrySet().stream().map(each -> first.from(each.getKey(),
                each.getValue().toAbsolutePath().normalize())).toList());
    }

    /// A copy with other loads.
    public Scenario withLoads(Loads others) {
        return new Scenario(name, about, work, idle, starts, others, pace, targets);
    }

    /// A copy with other durations.
    public Scenario withPace(Pace other) {
        return new Scenario(name, about, work, idle, starts, loads, other, targets);
    }
}
