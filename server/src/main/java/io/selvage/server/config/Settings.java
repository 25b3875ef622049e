package io.selvage.server.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.stream.Stream;

/// Reads and prints a record whose components are tied to directives by [Setting], or are such records themselves.
///
/// This is the one place that looks at records from outside, so that a directive, its type, its default and its meaning
/// stand in one line of the record.
final class Settings<R extends Record> {
    private final Constructor<R> constructor;
    private final List<Part> parts;

    private Settings(Class<R> type, String prefix) {
        RecordComponent[] components = type.getRecordComponents();
        try {
            constructor = type.getDeclaredConstructor(
                    Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
        parts = Stream.of(components).map(component -> part(component, prefix)).toList();
    }

    static <R extends Record> Settings<R> of(Class<R> type) {
        return new Settings<>(type, "");
    }

    /// What holds when nothing is set.
    R defaults() {
        return read(Scope.outermost(Directive.of("defaults", List.of()), ParseContext.OURS));
    }

    R read(Scope scope) {
        return construct(parts.stream().map(part -> part.read(scope)).toArray());
    }

    /// The lines that turn `outer`, which is in force around the block, into `value`.
    List<Directive> print(R value, R outer) {
        return parts.stream().flatMap(part -> part.print(value, outer).stream()).toList();
    }

    /// The names of all directives that are read here.
    List<String> names() {
        return parts.stream().flatMap(part -> part.names().stream()).toList();
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

    private static Part part(RecordComponent component, String prefix) {
        Setting setting = component.getAnnotation(Setting.class);
        if (setting == null) {
            Setting.Prefix own = component.getAnnotation(Setting.Prefix.class);
            return new Nested<>(component, settings(component.getType(), own == null ? prefix : own.value()));
        }
        return new Item<>(component, Codecs.of(component.getGenericType(), setting), setting, prefix);
    }

    private static <N extends Record> Settings<N> settings(Class<?> type, String prefix) {
        @SuppressWarnings("unchecked")
        var record = (Class<N>) type.asSubclass(Record.class);
        return new Settings<>(record, prefix);
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

        List<Directive> print(Record value, Record outer);

        List<String> names();
    }

    private record Nested<N extends Record>(RecordComponent component, Settings<N> settings) implements Part {
        @Override
        public Object read(Scope scope) {
            return settings.read(scope);
        }

        @Override
        public List<Directive> print(Record value, Record outer) {
            return settings.print(get(component, value), get(component, outer));
        }

        @Override
        public List<String> names() {
            return settings.names();
        }
    }

    /// @param byDefault the line that holds when there is no other; none when the default is nothing
    private record Item<T>(RecordComponent component, Codec<T> codec, List<String> names, List<Directive> byDefault)
            implements Part {
        Item(RecordComponent component, Codec<T> codec, Setting setting, String prefix) {
            this(component, codec, names(setting, prefix), byDefault(setting.value().replace("*", prefix).split(" ")));
        }

        private static List<String> names(Setting setting, String prefix) {
            String name = setting.value().split(" ")[0].replace("*", prefix);
            return setting.or().isEmpty() ? List.of(name) : List.of(name, setting.or());
        }

        private static List<Directive> byDefault(String[] words) {
            return words.length == 1 ? List.of() : List.of(Directive.of(words[0], List.of(words).subList(1, words.length)));
        }

        @Override
        public T read(Scope scope) {
            List<Line> lines = scope.nearest(names);
            return codec.read(lines.isEmpty() ? byDefault.stream().map(line -> new Line(line, scope)).toList() : lines);
        }

        @Override
        public List<Directive> print(Record value, Record outer) {
            T now = get(component, value);
            return now.equals(Settings.<T>get(component, outer)) ? List.of() : codec.write(names.getFirst(), now);
        }
    }
}
