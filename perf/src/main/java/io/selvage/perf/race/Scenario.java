package io.selvage.perf.race;

import io.selvage.perf.http.Request;
import io.selvage.perf.input.Complaint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a race does, and who takes part.
///
/// @param starts how often each target is started for the time to its first answer; the last start stays for the rest
/// @param targets the first is compared with each other one before those among themselves
public record Scenario(String name, String about, Work work, Idle idle, int starts, Loads loads, Pace pace,
        List<Entrant> targets) {
    /// The fewest rounds from which an interval can be made.
    public static final int FEWEST_ROUNDS = 3;

    /// What every target is asked for.
    ///
    /// @param connections how many are open at a time
    /// @param close true for a new connection for each request
    /// @param files names and sizes in bytes of the files that all targets serve
    /// @param peer the application behind the targets
    /// @param timeout of one exchange
    public record Work(Request request, int connections, boolean close, Map<String, Long> files, TestPeer.Spec peer,
            Duration timeout) {
        public Work {
            files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
        }
    }

    /// Connections held idle for the memory and the CPU time they take.
    ///
    /// @param connections 0 for no such measurement
    /// @param time how long the server is watched
    public record Idle(int connections, Duration time) {
    }

    /// How long it all takes.
    ///
    /// @param warmUp before the first round, for targets that do not ask for another
    public record Pace(int rounds, Duration round, Duration warmUp) {
    }

    /// A target as the files describe it. The words of its commands may hold the placeholders of [ConfigTemplate].
    ///
    /// @param version a command that prints its version; empty when nobody needs to know
    /// @param warmUp how long it has to be driven before it is as fast as it will be, when that is not the scenario's time
    /// @param config a template in the scenario's folder
    public record Entrant(String name, List<String> command, List<String> version, Optional<Duration> warmUp, Path config) {
        public Entrant {
            command = List.copyOf(command);
            version = List.copyOf(version);
        }
    }

    public Scenario {
        targets = List.copyOf(targets);
    }

    /// The same with only the targets of these names; all of them when there are none.
    public Scenario withOnly(List<String> names) throws Complaint {
        for (String each : names) {
            if (targets.stream().noneMatch(target -> target.name().equals(each))) {
                throw new Complaint("the scenario " + name + " has no target \"" + each + "\"");
            }
        }
        return withTargets(targets.stream().filter(target -> names.isEmpty() || names.contains(target.name())).toList());
    }

    /// The same with these targets.
    public Scenario withTargets(List<Entrant> some) {
        return new Scenario(name, about, work, idle, starts, loads, pace, some);
    }

    /// The same, driven in another way.
    public Scenario withLoads(Loads others) {
        return new Scenario(name, about, work, idle, starts, others, pace, targets);
    }

    /// The same, shorter or longer.
    public Scenario withPace(Pace other) {
        return new Scenario(name, about, work, idle, starts, loads, other, targets);
    }

    /// The same with this warm-up for all targets, whatever they ask for.
    public Scenario withWarmUp(Duration warmUp) {
        return withPace(new Pace(pace.rounds, pace.round, warmUp)).withTargets(targets.stream()
                .map(each -> new Entrant(each.name, each.command, each.version, Optional.empty(), each.config)).toList());
    }
}
