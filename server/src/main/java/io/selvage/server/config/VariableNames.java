package io.selvage.server.config;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// The variables of one configuration: those the server has, and those that regular expressions define by their named
/// groups. A use is judged at the end, for a definition may stand below it. Used by one thread.
final class VariableNames {
    private static final Set<String> FAMILIES = Set.of(
            "arg_", "http_", "sent_http_", "sent_trailer_", "cookie_", "upstream_http_", "upstream_trailer_", "upstream_cookie_");

    private final Predicate<String> known;
    private final Set<String> defined = new HashSet<>();
    private final Map<String, Set<Position>> used = new HashMap<>();

    VariableNames(Predicate<String> known) {
        this.known = known;
    }

    void define(Set<String> names) {
        defined.addAll(names);
    }

    void use(String name, Position position) {
        if (!isKnown(name)) {
            used.computeIfAbsent(name, _ -> new HashSet<>()).add(position);
        }
    }

    void report(Problems problems) {
        used.forEach((name, positions) -> {
            if (!defined.contains(name)) {
                positions.forEach(position -> problems.error(position, "unknown variable \"$" + name + "\""));
            }
        });
    }

    private boolean isKnown(String name) {
        return Character.isDigit(name.charAt(0)) || known.test(name) || FAMILIES.stream().anyMatch(name::startsWith);
    }
}
