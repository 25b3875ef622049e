package io.selvage.server.config;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The directives of one block, and the blocks around it.
///
/// nginx's rule of inheritance is one sentence: a setting is what the nearest block says in which any of its
/// directives stands; nothing is added from further out.
final class Scope {
    /// Null around the outermost block.
    private final @Nullable Scope outer;
    private final Directive block;
    private final ParseContext reading;

    private Scope(@Nullable Scope outer, Directive block, ParseContext reading) {
        this.outer = outer;
        this.block = block;
        this.reading = reading;
    }

    /// A block that inherits nothing.
    static Scope outermost(Directive block, ParseContext reading) {
        return new Scope(null, block, reading);
    }

    Scope inside(Directive inner) {
        return new Scope(this, inner, reading);
    }

    ParseContext reading() {
        return reading;
    }

    Directive block() {
        return block;
    }

    List<Line> here(Collection<String> names) {
        return block.block().stream()
                .filter(directive -> names.contains(directive.name().text()))
                .map(directive -> new Line(directive, this))
                .toList();
    }

    List<Line> here(String name) {
        return here(List.of(name));
    }

    List<Line> nearest(Collection<String> names) {
        List<Line> lines = here(names);
        return lines.isEmpty() && outer != null ? outer.nearest(names) : lines;
    }
}
