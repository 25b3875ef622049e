package io.selvage.server.module;

import io.selvage.server.config.Directives;

/// One feature of the server: its directives with their settings, its variables, and what it adds to a location.
///
/// A module holds no state. To add one, write a class and list it in [Modules].
interface Module {
    Directives directives();

    /// The variables that a configuration may name when this feature is there.
    default Variables variables(VariableSources sources) {
        return Variables.NONE;
    }

    /// Adds to a location what its settings ask for. Runs once for each location of a configuration, and once for what is outside
    /// all locations of a site, in the order of [Modules#ALL].
    ///
    /// @throws java.io.UncheckedIOException when a file that is needed cannot be written
    default void assemble(LocationBuilder location) {
    }
}
