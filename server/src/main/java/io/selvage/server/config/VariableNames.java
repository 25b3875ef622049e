package io.selvage.server.config;

import io.selvage.server.http.Variable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The variables of one configuration: those the server has, and those that regular expressions define by their named
/// groups. Uses are checked at the end, because a definition may follow its use. Used by one thread.
final class VariableNames {
    private final KnownVariables known;
    private final Set<String> defined = new HashSet<>();
    private final Map<String, Set<Position>> used = new HashMap<>();

    VariableNames(KnownVariables known) {
        this.known = known;
    }

    void define(Set<String> names) {
        defined.addAll(names);
    }

    /// The variable of this name. One that the server does not have is set on an exchange's way.
    Variable use(String name, Position position) {
        Optional<Variable> variable = known.built().apply(name);
        if (variable.isEmpty()) {
            used.computeIfAbsent(name, _ -> new HashSet<>()).add(position);
        }
        return variable.orElse(exchange -> exchange.routing().variable(name));
    }

    /// The variable of this name; empty if there is none.
    Optional<Variable> find(String name) {
        Optional<Variable> variable = known.built().apply(name);
        return variable.isPresent() || !defined.contains(name) ? variable
                : Optional.of(exchange -> exchange.routing().variable(name));
    }

    void report(Problems problems) {
        used.forEach((name, positions) -> {
            if (!defined.contains(name)) {
                String message = known.notBuilt().test(name) ? "variable \"$" + name + "\" is known, but not built yet"
                        : "unknown variable \"$" + name + "\"";
                positions.forEach(position -> problems.error(position, message));
            }
        });
    }
}
