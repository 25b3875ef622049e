package io.selvage.server.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Reads and prints a record whose components are tied to directives by [Setting], or are such records themselves.
///
/// This is the one place that looks at records from outside, so that a directive, its type, its default and its meaning
/// are in one line of the record.
final class Settings<R extends Record> {
    private final Class<R> type;
    private final Constructor<R> constructor;
    private final List<Part> parts;

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
    }

    static <R extends Record> Settings<R> of(Class<R> type, Codecs codecs) {
        return new Settings<>(type, "", codecs);
    }

    Class<R> type() {
        return type;
    }

    /// What holds when nothing is set.
    R defaults() {
        return read(Scope.outermost(Directive.of("defaults", List.of()), ParseContext.empty()));
    }

    R read(Scope scope) {
        return construct(parts.stream().map(part -> part.read(scope)).toArray());
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
        Object read(Scope scope);

        List<Directive> print(Record value, Record outer, boolean ofPart);

        List<Entry> entries(Set<Context> contexts);
    }

    private record Nested<N extends Record>(RecordComponent component, Settings<N> settings) implements Part {
        @Override
        public Object read(Scope scope) {
            return settings.read(scope);
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
    /// @param names the directive, and others of the same meaning
    private record Item<T>(RecordComponent component, Codec<T> codec, Setting setting, List<String> words, List<String> names)
            implements Part {
        static <T> Item<T> of(RecordComponent component, Codec<T> codec, Setting setting, String prefix) {
            List<String> words = List.of(setting.value().replace("*", prefix).split(" "));
            List<String> names = new ArrayList<>(List.of(words.getFirst()));
            Stream.of(setting.or()).map(Setting.Or::value).forEach(names::add);
            return new Item<>(component, codec, setting, words, List.copyOf(names));
        }

        @Override
        public T read(Scope scope) {
            List<Line> lines = setting.inherited() ? scope.nearest(names)
                    : setting.inParts() ? scope.nearestPart(names) : scope.here(names);
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
            boolean inherited = setting.inherited() || setting.inParts() && ofPart;
            Object around = inherited ? Settings.<T>get(component, outer)
                    : codec.read(standard(Scope.outermost(Directive.of("defaults", List.of()), ParseContext.empty())));
            return now.equals(around) ? List.of() : codec.write(names.getFirst(), now);
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
