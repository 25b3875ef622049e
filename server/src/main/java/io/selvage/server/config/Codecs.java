package io.selvage.server.config;

import io.selvage.server.http.Status;
import io.selvage.server.http.Template;
import io.selvage.server.http.Text;
import io.selvage.server.net.ByteText;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/// The [Codec] for each type that a setting can have: those of the language, and those that are added.
final class Codecs {
    /// What is one word.
    record Word<T>(Function<Argument, T> reader, Function<T, String> writer) implements Codec<T> {
        @Override
        public T read(List<Line> lines) {
            return reader.apply(lines.getLast().argument(0));
        }

        @Override
        public List<Directive> write(String name, T value) {
            return List.of(Directive.of(name, List.of(writer.apply(value))));
        }

        @Override
        public Shape shape() {
            return Shape.of(1, 1);
        }
    }

    /// What is a whole line, or some lines together.
    record Whole<T>(Shape shape, Function<List<Line>, T> reader, BiFunction<String, T, List<Directive>> writer)
            implements Codec<T> {
        @Override
        public T read(List<Line> lines) {
            return reader.apply(lines);
        }

        @Override
        public List<Directive> write(String name, T value) {
            return writer.apply(name, value);
        }
    }

    /// What may be nothing, which has no line.
    record Maybe<T>(T nothing, Codec<T> codec) implements Codec<T> {
        @Override
        public T read(List<Line> lines) {
            return lines.isEmpty() ? nothing : codec.read(lines);
        }

        @Override
        public List<Directive> write(String name, T value) {
            return value.equals(nothing) ? List.of() : codec.write(name, value);
        }

        @Override
        public Shape shape() {
            return codec.shape();
        }
    }

    /// Whether there is a line, which has no arguments.
    private record Presence() implements Codec<Boolean> {
        @Override
        public Boolean read(List<Line> lines) {
            return !lines.isEmpty();
        }

        @Override
        public List<Directive> write(String name, Boolean value) {
            return value ? List.of(Directive.of(name, List.of())) : List.of();
        }

        @Override
        public Shape shape() {
            return Shape.of(0, 0);
        }
    }

    /// One element for each line; a line with `off` gives none.
    private record Lines<E>(Codec<E> element) implements Codec<List<E>> {
        @Override
        public List<E> read(List<Line> lines) {
            return lines.stream().filter(line -> !line.hasOnly("off")).map(line -> element.read(List.of(line))).toList();
        }

        @Override
        public List<Directive> write(String name, List<E> value) {
            return value.isEmpty()
                    ? List.of(Directive.of(name, List.of("off")))
                    : value.stream().flatMap(each -> element.write(name, each).stream()).toList();
        }

        @Override
        public Shape shape() {
            return element.shape().repeated();
        }
    }

    /// One element for each argument.
    private record Words<E>(Word<E> element) implements Codec<List<E>> {
        @Override
        public List<E> read(List<Line> lines) {
            return lines.stream().flatMap(line -> line.arguments().stream()).map(element.reader()).toList();
        }

        @Override
        public List<Directive> write(String name, List<E> value) {
            return value.stream().flatMap(each -> element.write(name, each).stream()).toList();
        }

        @Override
        public Shape shape() {
            return Shape.of(1, Integer.MAX_VALUE).repeated();
        }
    }

    /// One constant for each argument.
    private record Constants<E extends Enum<E>>(Class<E> type, List<E> choices) implements Codec<Set<E>> {
        @Override
        public Set<E> read(List<Line> lines) {
            Set<E> constants = EnumSet.noneOf(type);
            lines.forEach(line -> line.arguments().forEach(argument -> constants.add(argument.choice(choices))));
            return Set.copyOf(constants);
        }

        @Override
        public List<Directive> write(String name, Set<E> value) {
            List<String> words = value.stream().sorted().map(Argument::written).toList();
            return List.of(Directive.of(name, words));
        }

        @Override
        public Shape shape() {
            return Shape.of(1, Integer.MAX_VALUE).repeated();
        }
    }

    private static final Word<Template> TEMPLATE = new Word<>(Argument::template, Template::toString);
    private static final Codec<Text> TEXT = new Word<>(Argument::template, Text::toString);

    private final Map<Type, Codec<?>> single = new HashMap<>(Map.of(
            boolean.class, new Word<>(Argument::flag, on -> on ? "on" : "off"),
            long.class, new Word<>(Argument::size, Values::size),
            Duration.class, new Word<>(Argument::time, Values::time),
            String.class, new Word<>(Argument::text, Function.identity()),
            Template.class, new Maybe<>(Template.EMPTY, TEMPLATE),
            Text.class, TEXT,
            Path.class, new Maybe<>(Path.of(""), new Word<>(Argument::path, ByteText::of)),
            BufferSizes.class, Codec.line(2, 2, BufferSizes::read)));
    private final Map<Type, Codec<?>> collections = new HashMap<>();

    <T> void add(Class<T> type, Codec<T> codec) {
        single.put(type, codec);
    }

    /// For lists and sets of such elements.
    void addCollection(Class<?> element, Codec<?> codec) {
        collections.put(element, codec);
    }

    Codec<?> of(Type type, Setting setting) {
        if (type instanceof ParameterizedType many) {
            return generic(many, setting);
        }
        Codec<?> known = single.get(type);
        if (type.equals(boolean.class) && setting.value().indexOf(' ') < 0) {
            return new Presence();
        }
        if (known != null) {
            return known;
        }
        if (type.equals(int.class)) {
            return new Word<>(argument -> argument.number(setting.least(), setting.most()), number -> Integer.toString(number));
        }
        if (type.equals(Status.class)) {
            return new Word<>(argument -> argument.status(setting.least(), setting.most()),
                    status -> Integer.toString(status.code()));
        }
        if (type instanceof Class<?> constants && constants.isEnum()) {
            return constant(constants, setting);
        }
        throw new IllegalStateException("no codec for " + type);
    }

    private Codec<?> generic(ParameterizedType type, Setting setting) {
        Type element = type.getActualTypeArguments()[0];
        Codec<?> known = collections.get(element);
        if (known != null) {
            return known;
        }
        if (type.getRawType().equals(Set.class)) {
            return constants((Class<?>) element, setting);
        }
        if (type.getRawType().equals(Optional.class)) {
            return optional(of(element, setting));
        }
        return many(of(element, setting));
    }

    private static <E> Codec<List<E>> many(Codec<E> element) {
        Codec<E> alone = element instanceof Maybe<E>(_, var codec) ? codec : element;
        return alone instanceof Word<E> word ? new Words<>(word) : new Lines<>(alone);
    }

    private static <T> Codec<Optional<T>> optional(Codec<T> codec) {
        return Codec.maybe(Optional.empty(), Codec.lines(codec.shape(), lines -> Optional.of(codec.read(lines)),
                (name, value) -> value.map(present -> codec.write(name, present)).orElse(List.of())));
    }

    @SuppressWarnings("unchecked")
    private static <E extends Enum<E>> Codec<?> constant(Class<?> type, Setting setting) {
        List<E> choices = choices((Class<E>) type, setting);
        return new Word<>(argument -> argument.choice(choices), Argument::written);
    }

    @SuppressWarnings("unchecked")
    private static <E extends Enum<E>> Codec<?> constants(Class<?> type, Setting setting) {
        return new Constants<>((Class<E>) type, choices((Class<E>) type, setting));
    }

    private static <E extends Enum<E>> List<E> choices(Class<E> type, Setting setting) {
        List<E> all = List.of(type.getEnumConstants());
        List<String> words = List.of(setting.choices().split(" "));
        return setting.choices().isEmpty() ? all : all.stream().filter(each -> words.contains(Argument.written(each))).toList();
    }
}
