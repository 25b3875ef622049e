package io.selvage.server.config;

import java.util.List;

/// One directive as it stands in a file: its name, its arguments and, when it opens a block, what is inside.
///
/// @param opened where the `{` stands; line 0 when there is no block
record Directive(Word name, List<Word> arguments, Position opened, List<Directive> block) {
    Directive {
        arguments = List.copyOf(arguments);
        block = List.copyOf(block);
    }

    static Directive line(Word name, List<Word> arguments) {
        return new Directive(name, arguments, Position.whole(name.position().file()), List.of());
    }

    boolean is(String other) {
        return name.text().equals(other);
    }

    boolean hasBlock() {
        return opened.line() > 0;
    }

    Position position() {
        return name.position();
    }
}
