package io.selvage.server.config;

import io.selvage.server.http.Variable;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/// The variables that need no definition in a configuration.
///
/// @param built gives the server's variable of a name
/// @param fixed whether a name is one that no directive may define
/// @param notBuilt whether nginx has a variable of a name that the server does not have
public record KnownVariables(Function<String, Optional<Variable>> built, Predicate<String> fixed,
        Predicate<String> notBuilt) {
    /// No variables.
    public static final KnownVariables NONE = new KnownVariables(_ -> Optional.empty(), _ -> false, _ -> false);
}
