package io.selvage.server.ssi;

import io.selvage.server.http.Variable;
import io.selvage.server.observe.ErrorLog;
import java.util.Optional;
import java.util.function.Function;

/// How the pages of a location are read.
///
/// @param silent whether a command that fails leaves nothing in its place (`ssi_silent_errors`)
/// @param mostValue the most bytes of a parameter (`ssi_value_length`)
/// @param variables the variables of the server and of the configuration, by their names
/// @param errors gets what is wrong with commands
public record SsiOptions(boolean silent, int mostValue, Function<String, Optional<Variable>> variables,
        ErrorLog errors) {
}
