package io.selvage.perf.race;

import io.selvage.perf.http.Request;
import io.selvage.perf.input.Complaint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Work, and who does it.
///
/// @param files names and sizes in bytes of the files that all targets serve
/// @param saturation whether to drive each target as fast as it answers
/// @param percents rates as parts of the slowest target's peak; they need `saturation`
/// @param rates rates per second
/// @param idle how many connections to hold idle for the memory they take; 0 for none
/// @param targets the first is compared with each other one before those among themselves
public record Scenario(String name, String about, Request request, int connections, boolean close, int idle,
                       Map<String, Long> files, Peer.Spec peer, boolean saturation, List<Long> percents, List<Long> rates,
                       int rounds, Duration round, Duration warmUp, Duration timeout, List<Entrant> targets) {
    /// A target as the files describe it.
    ///
    /// @param command its words may hold the placeholders of [Template]
    /// @param config a template in the scenario's folder
    public record Entrant(String name, List<String> command, Path config) {
        public Entrant {
            command = List.copyOf(command);
        }
    }

    public Scenario {
        files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
        percents = List.copyOf(percents);
        rates = List.copyOf(rates);
        targets = List.copyOf(targets);
    }

    /// The same with only the targets of these names; all of them when there are none.
    public Scenario withOnly(List<String> names) throws Complaint {
        for (String each : names) {
            if (targets.stream().noneMatch(target -> target.name().equals(each))) {
                throw new Complaint("the scenario " + name + " has no target \"" + each + "\"");
            }
        }
        List<Entrant> some = targets.stream().filter(target -> names.isEmpty() || names.contains(target.name())).toList();
        return new Scenario(name, about, request, connections, close, idle, files, peer, saturation, percents, rates,
                rounds, round, warmUp, timeout, some);
    }
}
