package io.selvage.server.route;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What belongs to names of hosts. A name is found as nginx finds it: exact ones first, then the longest `*.x`, then the longest
/// `x.*`. Of two things with one name the first has it. Not thread-safe while it is filled.
///
/// @param <T> what a name stands for
public final class HostNames<T> {
    private final Map<String, T> exact = new HashMap<>();
    private final Map<String, T> under = new HashMap<>();
    private final Map<String, T> starting = new HashMap<>();

    /// @param name no expression
    /// @return false if another has the name, or a part of what it stands for
    public boolean add(SiteName name, T thing) {
        return switch (name) {
            case SiteName.Exact(var host) -> exact.putIfAbsent(host, thing) == null;
            case SiteName.Under(var suffix, var itselfToo) -> under.putIfAbsent(suffix, thing) == null
                    & (!itselfToo || exact.putIfAbsent(suffix, thing) == null);
            case SiteName.Starting(var prefix) -> starting.putIfAbsent(prefix, thing) == null;
            case SiteName.Matching _ -> throw new IllegalArgumentException("an expression is no name");
        };
    }

    /// Everything that was added.
    Stream<T> all() {
        return Stream.of(exact, under, starting).map(Map::values).flatMap(Collection::stream);
    }

    boolean isEmpty() {
        return exact.isEmpty() && under.isEmpty() && starting.isEmpty();
    }

    /// What a host in lower case stands for.
    @Nullable T find(String host) {
        T found = exact.get(host);
        if (!under.isEmpty()) {
            for (int dot = host.indexOf('.'); found == null && dot >= 0; dot = host.indexOf('.', dot + 1)) {
                found = under.get(host.substring(dot + 1));
            }
        }
        if (!starting.isEmpty()) {
            for (int dot = host.lastIndexOf('.'); found == null && dot > 0; dot = host.lastIndexOf('.', dot - 1)) {
                found = starting.get(host.substring(0, dot));
            }
        }
        return found;
    }
}
