package io.selvage.server.config;

import io.selvage.server.http.Variable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// The variables of one configuration: those the server has, and those that regular expressions define by their named
/// groups. A use is judged at the end, for a definition may stand below it. Used by one thread.
final class VariableNames {
    private final Function<String, Optional<Variable>> known;
    private final Set<String> defined = new HashSet<>();
    private final Map<String, Set<Position>> used = new HashMap<>();

    /// @param known gives the server's variable of a name
    VariableNames(Function<String, Optional<Variable>> known) {
        this.known = known;
    }

    void define(Set<String> names) {
        defined.addAll(names);
    }

    /// The variable of this name. One that the server does not have is set on an exchange's way.
    Variable use(String name, Position position) {
        Optional<Variable> variable = known.apply(name);
        if (variable.isEmpty()) {
            used.computeIfAbsent(name, _ -> new HashSet<>()).add(position);
        }
        return variable.orElse(exchange -> exchange.routing().variable(name));
    }

    void report(Problems problems) {
        used.forEach((name, positions) -> {
            if (!defined.contains(name)) {
                positions.forEach(position -> problems.error(position, "unknown variable \"$" + name + "\""));
            }
        });
    }
}
