package io.selvage.server.module;

import io.selvage.server.http.Variable;
import java.util.Map;
import java.util.function.Function;

/// The variables of one feature.
///
/// @param named by their names, without the dollar sign
/// @param families by the beginning of their names; given the rest of a name, each makes a variable
record Variables(Map<String, Variable> named, Map<String, Function<String, Variable>> families) {
    static final Variables NONE = of(Map.of());

    Variables {
        named = Map.copyOf(named);
        families = Map.copyOf(families);
    }

    static Variables of(Map<String, Variable> named) {
        return new Variables(named, Map.of());
    }
}
