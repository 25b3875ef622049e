package io.selvage.server.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads and prints a record whose components are tied to directives by [Setting], or are such records themselves.
///
/// This is the one place that looks at records from outside, so that a directive, its type, its default and its meaning
/// are in one line of the record.
final class Settings<R extends Record> {
    private final Class<R> type;
    private final Constructor<R> constructor;
    private final List<Part> parts;
    private final Set<String> names;                       // of the directives
    private final boolean inherited;                       // all of them
    private final boolean inheritedByParts;                // all of them, or by a part of a block

    private Settings(Class<R> type, String prefix, Codecs codecs) {
        RecordComponent[] components = type.getRecordComponents();
        this.type = type;
        try {
            constructor = type.getDeclaredConstructor(
                    Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            constructor.setAccessible(true);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
        parts = Stream.of(components).map(component -> part(component, prefix, codecs)).toList();
        names = parts.stream().flatMap(part -> part.names().stream()).collect(Collectors.toUnmodifiableSet());
        inherited = parts.stream().allMatch(part -> part.isInherited(false));
        inheritedByParts = parts.stream().allMatch(part -> part.isInherited(true));
    }

    static <R extends Record> Settings<R> of(Class<R> type, Codecs codecs) {
        return new Settings<>(type, "", codecs);
    }

    Class<R> type() {
        return type;
    }

    /// What holds when nothing is set.
    R defaults() {
        return read(Scope.outermost(Directive.of("defaults", List.of()), ParseContext.empty()), null);
    }

    /// What holds in a block. A block that sets nothing of it shares the record of the block around it.
    ///
    /// @param outer what holds around the block; null if such settings have no place there
    R read(Scope scope, @Nullable R outer) {
        if (outer != null && isInherited(scope.isPart()) && !scope.hasAny(names)) {
            return outer;
        }
        return construct(parts.stream().map(part -> part.read(scope, outer)).toArray());
    }

    private boolean isInherited(boolean byPart) {
        return byPart ? inheritedByParts : inherited;
    }

    /// The lines that turn `outer`, which is in force around the block, into `value`.
    ///
    /// @param ofPart whether the block is a part of the one around it
    List<Directive> print(Record value, Record outer, boolean ofPart) {
        return parts.stream().flatMap(part -> part.print(value, outer, ofPart).stream()).toList();
    }

    /// The directives that are read here.
    ///
    /// @param contexts of the directives that do not name contexts themselves
    List<Entry> entries(Set<Context> contexts) {
        return parts.stream().flatMap(part -> part.entries(contexts).stream()).toList();
    }

    private R construct(Object[] values) {
        try {
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Part part(RecordComponent component, String prefix, Codecs codecs) {
        component.getAccessor().setAccessible(true);
        Setting setting = component.getAnnotation(Setting.class);
        if (setting == null) {
            Setting.Prefix own = component.getAnnotation(Setting.Prefix.class);
            return new Nested<>(component, settings(component.getType(), own == null ? prefix : own.value(), codecs));
        }
        return Item.of(component, codecs.of(component.getGenericType(), setting), setting, prefix);
    }

    private static <N extends Record> Settings<N> settings(Class<?> type, String prefix, Codecs codecs) {
        @SuppressWarnings("unchecked")
        var record = (Class<N>) type.asSubclass(Record.class);
        return new Settings<>(record, prefix, codecs);
    }

    private static <T> T get(RecordComponent component, Record record) {
        try {
            @SuppressWarnings("unchecked")
            var value = (T) component.getAccessor().invoke(record);
            return value;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private sealed interface Part {
        /// Of the directives.
        Set<String> names();

        /// @param byPart whether the block is a part of the one around it
        boolean isInherited(boolean byPart);

        /// @param outer the record around the block; null for none
        Object read(Scope scope, @Nullable Record outer);

        List<Directive> print(Record value, Record outer, boolean ofPart);

        List<Entry> entries(Set<Context> contexts);
    }

    private record Nested<N extends Record>(RecordComponent component, Settings<N> settings) implements Part {
        @Override
        public Set<String> names() {
            return settings.names;
        }

        @Override
        public boolean isInherited(boolean byPart) {
            return settings.isInherited(byPart);
        }

        @Override
        public Object read(Scope scope, @Nullable Record outer) {
            return settings.read(scope, outer == null ? null : Settings.<N>get(component, outer));
        }

        @Override
        public List<Directive> print(Record value, Record outer, boolean ofPart) {
            return settings.print(get(component, value), get(component, outer), ofPart);
        }

        @Override
        public List<Entry> entries(Set<Context> contexts) {
            return settings.entries(contexts);
        }
    }

    /// @param words the directive and the arguments that hold when there is no line
    /// @param names of the directive, which comes first, and of others with the same meaning
    private record Item<T>(RecordComponent component, Codec<T> codec, Setting setting, List<String> words, Set<String> names)
            implements Part {
        static <T> Item<T> of(RecordComponent component, Codec<T> codec, Setting setting, String prefix) {
            List<String> words = List.of(setting.value().replace("*", prefix).split(" "));
            Set<String> names = new LinkedHashSet<>(List.of(words.getFirst()));
            Stream.of(setting.or()).map(Setting.Or::value).forEach(names::add);
            return new Item<>(component, codec, setting, words, names);
        }

        @Override
        public boolean isInherited(boolean byPart) {
            return setting.inherited() || byPart && setting.inParts();
        }

        @Override
        public T read(Scope scope, @Nullable Record outer) {
            if (outer != null && isInherited(scope.isPart()) && !scope.hasAny(names)) {
                return Settings.get(component, outer);
            }
            List<Line> lines = setting.inherited() ? scope.nearest(names) : scope.here(names);
            return codec.read(lines.isEmpty() ? standard(scope) : lines);
        }

        private List<Line> standard(Scope scope) {
            return words.size() == 1
                    ? List.of()
                    : List.of(new Line(Directive.of(words.getFirst(), words.subList(1, words.size())), scope));
        }

        @Override
        public List<Directive> print(Record value, Record outer, boolean ofPart) {
            T now = get(component, value);
            Object around = isInherited(ofPart) ? Settings.<T>get(component, outer)
                    : codec.read(standard(Scope.outermost(Directive.of("defaults", List.of()), ParseContext.empty())));
            return now.equals(around) ? List.of() : codec.write(words.getFirst(), now);
        }

        @Override
        public List<Entry> entries(Set<Context> contexts) {
            List<Entry> entries = new ArrayList<>();
            String standard = String.join(" ", words.subList(1, words.size()));
            entries.add(Entry.built(words.getFirst(), contexts(contexts, setting.in(), setting.also()),
                    shape(setting.arguments(), codec.shape().block()), standard,
                    new Entry.About(setting.doc(), setting.differs(), setting.since())));
            for (Setting.Or or : setting.or()) {
                Shape.Inside block = or.block() ? Shape.Inside.DIRECTIVES : codec.shape().block();
                entries.add(Entry.built(or.value(), contexts(contexts, or.in(), or.also()), shape(or.arguments(), block), "",
                        new Entry.About(or.doc(), or.differs(), setting.since())));
            }
            return entries;
        }

        private Shape shape(String arguments, Shape.Inside block) {
            Shape own = codec.shape();
            Shape said = arguments.isEmpty() ? own : Shape.parse(arguments);
            return new Shape(said.least(), said.most(), own.repeatable(), block);
        }

        private static Set<Context> contexts(Set<Context> usual, String in, String also) {
            Set<Context> contexts = new LinkedHashSet<>(in.isEmpty() ? usual : List.of());
            Stream.of((in + " " + also).strip().split(" ")).filter(name -> !name.isEmpty()).map(Context::new)
                    .forEach(contexts::add);
            return contexts;
        }
    }
}
