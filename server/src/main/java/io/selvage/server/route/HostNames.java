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
    private final Map<String, Named<T>> exact = new HashMap<>();
    private final Map<String, Named<T>> under = new HashMap<>();
    private final Map<String, Named<T>> starting = new HashMap<>();

    /// @param name by which the thing is found
    record Named<T>(SiteName name, T thing) {
    }

    /// @param name no expression
    /// @return false if another has the name, or a part of what it stands for
    public boolean add(SiteName name, T thing) {
        Named<T> named = new Named<>(name, thing);
        return switch (name) {
            case SiteName.Exact(var host) -> exact.putIfAbsent(host, named) == null;
            case SiteName.Under(var suffix, var itselfToo) -> under.putIfAbsent(suffix, named) == null
                    & (!itselfToo || exact.putIfAbsent(suffix, named) == null);
            case SiteName.Starting(var prefix) -> starting.putIfAbsent(prefix, named) == null;
            case SiteName.Matching _ -> throw new IllegalArgumentException("an expression is no name");
        };
    }

    /// Everything that was added.
    Stream<T> all() {
        return Stream.of(exact, under, starting).map(Map::values).flatMap(Collection::stream).map(Named::thing);
    }

    boolean isEmpty() {
        return exact.isEmpty() && under.isEmpty() && starting.isEmpty();
    }

    /// What a host in lower case stands for.
    @Nullable T find(String host) {
        Named<T> found = named(host);
        return found == null ? null : found.thing;
    }

    /// As [#find], with the name by which it is found.
    @Nullable Named<T> named(String host) {
        Named<T> found = exact.get(host);
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
