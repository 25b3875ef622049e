package io.selvage.server.config;

import java.util.List;

/// A setting that is written as the arguments of one line.
interface Printable {
    List<String> words();

    /// The line, for a setting of the given name.
    default Directive directive(String name) {
        return Directive.of(name, words());
    }
}
