package io.selvage.server.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The directives of one block, and the blocks around it.
///
/// nginx's rule of inheritance is one sentence: a setting comes from the nearest block that contains any of its
/// directives; nothing is added from outer blocks.
public final class Scope {
    /// Null around the outermost block.
    private final @Nullable Scope outer;
    private final Directive block;
    private final ParseContext reading;
    private final boolean part;
    private final Map<String, List<Line>> lines = new HashMap<>();     // by the name of the directive

    private Scope(@Nullable Scope outer, Directive block, ParseContext reading, boolean part) {
        this.outer = outer;
        this.block = block;
        this.reading = reading;
        this.part = part;
        block.block().forEach(directive -> lines.computeIfAbsent(directive.name().text(), _ -> new ArrayList<>(1))
                .add(new Line(directive, this)));
    }

    /// A block that inherits nothing.
    static Scope outermost(Directive block, ParseContext reading) {
        return new Scope(null, block, reading, false);
    }

    /// The inside of a directive's block, with this scope around it.
    public Scope inside(Directive inner) {
        return new Scope(this, inner, reading, false);
    }

    /// As [#inside], for a block that is a part of this one.
    Scope part(Directive inner) {
        return new Scope(this, inner, reading, true);
    }

    /// The block that this one is a part of ([Directives#part]); itself if it is none.
    public Scope whole() {
        return part && outer != null ? outer.whole() : this;
    }

    /// Whether the block is a part of another one.
    public boolean isPart() {
        return part;
    }

    /// The reading of the configuration to which the block belongs.
    public ParseContext reading() {
        return reading;
    }

    /// The directive that opens the block.
    public Directive block() {
        return block;
    }

    /// Whether there is a line with one of these names.
    boolean hasAny(Set<String> names) {
        return !Collections.disjoint(lines.keySet(), names);
    }

    /// The lines with these names, in their order.
    public List<Line> here(Collection<String> names) {
        List<String> found = names.stream().filter(lines::containsKey).distinct().toList();
        return switch (found.size()) {
            case 0 -> List.of();
            case 1 -> here(found.getFirst());
            default -> block.block().stream().filter(directive -> found.contains(directive.name().text()))
                    .map(directive -> new Line(directive, this)).toList();
        };
    }

    /// The lines with this name in this block itself, in their order.
    public List<Line> here(String name) {
        return Collections.unmodifiableList(lines.getOrDefault(name, List.of()));
    }

    /// The lines with these names in the nearest block that has any, this one first; empty if no block has.
    public List<Line> nearest(Collection<String> names) {
        List<Line> lines = here(names);
        return lines.isEmpty() && outer != null ? outer.nearest(names) : lines;
    }

    /// Reports what is wrong at a place inside the block.
    public void problem(Position position, String message) {
        reading.problems().error(position, message);
    }

    /// Reports something doubtful at a place inside the block.
    public void warning(Position position, String message) {
        reading.problems().warning(position, message);
    }
}
