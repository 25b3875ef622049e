package io.selvage.server.module;

import io.selvage.server.config.Directives;

/// One feature of the server: its directives with their settings, its variables, and what it adds to a location.
///
/// A module holds no state. To add one, write a class and list it in [Modules].
interface Module {
    Directives directives();

    /// The variables of this feature.
    default Variables variables(VariableSources sources) {
        return Variables.NONE;
    }

    /// Adds filters, a handler or options to a location, as its settings require. Runs once for each location of a configuration,
    /// and once for the part of a site outside all locations, in the order of [Modules#ALL].
    ///
    /// @throws java.io.UncheckedIOException when a file that is needed cannot be written
    default void assemble(LocationBuilder location) {
    }
}
