package io.selvage.server.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A block of a configuration, or all of it: what is set there, and the blocks inside. Immutable. Two are equal when they mean
/// the same.
public final class Section {
    private final Context context;
    private final Scope scope;
    private final @Nullable Section outer;
    private final Map<Class<?>, Record> settings;
    private final List<Section> inside = new ArrayList<>();    // this and the next are filled while the section is read
    private final Map<Context, List<Section>> insideByKind = new HashMap<>();

    /// @param outer that this one inherits from; null for none
    Section(Context context, Scope scope, @Nullable Section outer, Map<Class<?>, Record> settings) {
        this.context = context;
        this.scope = scope;
        this.outer = outer;
        this.settings = settings;
    }

    void add(Section section) {
        inside.add(section);
        insideByKind.computeIfAbsent(section.context, _ -> new ArrayList<>(1)).add(section);
    }

    /// The kind of block.
    public Context context() {
        return context;
    }

    /// The lines that the section was read from.
    public Scope scope() {
        return scope;
    }

    /// The line that opens the block.
    public Line line() {
        return new Line(scope.block(), scope);
    }

    /// The section that this one inherits from.
    public Optional<Section> outer() {
        return Optional.ofNullable(outer);
    }

    /// What holds here, inherited or not.
    ///
    /// @throws IllegalStateException when such settings do not belong to this kind of block
    public <R extends Record> R get(Class<R> type) {
        Record found = settings.get(type);
        if (found == null) {
            throw new IllegalStateException("there is no " + type.getSimpleName() + " in " + context);
        }
        return type.cast(found);
    }

    /// The blocks of one kind inside this one, in their order.
    public List<Section> inside(Context kind) {
        return Collections.unmodifiableList(insideByKind.getOrDefault(kind, List.of()));
    }

    /// All blocks inside this one.
    List<Section> inside() {
        return inside;
    }

    /// What holds around this section; empty when nothing is inherited.
    Map<Class<?>, Record> around() {
        return outer == null ? Map.of() : outer.settings;
    }

    Map<Class<?>, Record> settings() {
        return settings;
    }

    private Stream<String> words() {
        return scope.block().arguments().stream().map(Word::text);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Section section && context.equals(section.context) && settings.equals(section.settings)
                && words().toList().equals(section.words().toList()) && inside.equals(section.inside);
    }

    @Override
    public int hashCode() {
        return Objects.hash(context, settings, inside);
    }

    @Override
    public String toString() {
        return context + " " + settings.values() + inside;
    }
}
