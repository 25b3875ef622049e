package io.selvage.server.config;

import java.util.List;

/// The body that goes to the peer: `proxy_set_body`.
public sealed interface SetBody extends Printable {
    /// The request's own.
    record Same() implements SetBody {}

    /// Another, which may be empty.
    record Instead(Template text) implements SetBody {}

    static SetBody read(Line line) {
        return new Instead(line.argument(0).template());
    }

    @Override
    default List<String> words() {
        return this instanceof Instead(var text) ? List.of(text.toString()) : List.of();
    }
}
