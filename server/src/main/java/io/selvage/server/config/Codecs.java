package io.selvage.server.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/// The [Codec] for each type that a setting can have.
final class Codecs {
    /// What is one word: the first argument of a line, or each argument of many lines in a list.
    private record Value<T>(Function<Argument, T> reader, Function<T, String> writer) implements Codec<T> {
        @Override
        public T read(List<Line> lines) {
            return reader.apply(lines.getLast().argument(0));
        }

        @Override
        public List<Directive> write(String name, T value) {
            return List.of(Directive.of(name, List.of(writer.apply(value))));
        }
    }

    /// What is a whole line, or some lines together.
    private record Whole<T extends Printable>(Function<List<Line>, T> reader) implements Codec<T> {
        @Override
        public T read(List<Line> lines) {
            return reader.apply(lines);
        }

        @Override
        public List<Directive> write(String name, T value) {
            return List.of(value.directive(name));
        }
    }

    /// What may be nothing, which has no line.
    private record Maybe<T>(T nothing, Codec<T> codec) implements Codec<T> {
        @Override
        public T read(List<Line> lines) {
            return lines.isEmpty() ? nothing : codec.read(lines);
        }

        @Override
        public List<Directive> write(String name, T value) {
            return codec.write(name, value);
        }
    }

    /// One element for each line; a line that says `off` gives none.
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
    }

    /// One element for each argument.
    private record Words<E>(Value<E> element) implements Codec<List<E>> {
        @Override
        public List<E> read(List<Line> lines) {
            return lines.stream().flatMap(line -> line.arguments().stream()).map(element.reader()).toList();
        }

        @Override
        public List<Directive> write(String name, List<E> value) {
            return value.stream().flatMap(each -> element.write(name, each).stream()).toList();
        }
    }

    /// One constant for each argument.
    private record Constants<E extends Enum<E>>(Class<E> type) implements Codec<Set<E>> {
        @Override
        public Set<E> read(List<Line> lines) {
            Set<E> constants = EnumSet.noneOf(type);
            lines.forEach(line -> line.arguments().forEach(argument -> constants.add(argument.choice(type))));
            return constants;
        }

        @Override
        public List<Directive> write(String name, Set<E> value) {
            List<String> words = value.stream().sorted().map(Argument::written).toList();
            return List.of(Directive.of(name, words));
        }
    }

    private static final Value<Template> TEMPLATE = new Value<>(Argument::template, Template::toString);
    private static final Value<String> TEXT = new Value<>(Argument::text, Function.identity());
    private static final Value<Path> PATH = new Value<>(Argument::path, Path::toString);

    private static final Map<Type, Codec<?>> SINGLE = Map.ofEntries(
            Map.entry(boolean.class, new Value<>(Argument::flag, on -> on ? "on" : "off")),
            Map.entry(long.class, new Value<>(Argument::size, Values::size)),
            Map.entry(Duration.class, new Value<>(Argument::time, Values::time)),
            Map.entry(String.class, TEXT),
            Map.entry(Template.class, new Maybe<>(Template.EMPTY, TEMPLATE)),
            Map.entry(Path.class, new Maybe<>(Path.of(""), PATH)),
            Map.entry(User.class, new Maybe<>(User.UNCHANGED, line(User::read))),
            Map.entry(SetBody.class, new Maybe<>(new SetBody.Same(), line(SetBody::read))),
            Map.entry(Workers.class, line(Workers::read)),
            Map.entry(DocumentRoot.class, new Whole<>(DocumentRoot::read)),
            Map.entry(OpenFileCache.class, line(OpenFileCache::read)),
            Map.entry(BufferSizes.class, line(BufferSizes::read)),
            Map.entry(KeepAliveTimeout.class, line(KeepAliveTimeout::read)),
            Map.entry(ExpiresConfig.class, line(ExpiresConfig::read)),
            Map.entry(MediaTypes.class, new Whole<>(MediaTypes::read)));

    private static final Map<Type, Codec<?>> ELEMENTS = Map.ofEntries(
            Map.entry(String.class, new Words<>(TEXT)),
            Map.entry(Template.class, new Words<>(TEMPLATE)),
            Map.entry(ErrorLogConfig.class, new Lines<>(line(ErrorLogConfig::read))),
            Map.entry(AccessLogConfig.class, new Lines<>(line(AccessLogConfig::read))),
            Map.entry(LatencyLogConfig.class, new Lines<>(line(LatencyLogConfig::read))),
            Map.entry(ErrorPageConfig.class, new Lines<>(line(ErrorPageConfig::read))),
            Map.entry(AddHeader.class, new Lines<>(line(AddHeader::read))),
            Map.entry(AccessRule.class, new Lines<>(line(AccessRule::read))),
            Map.entry(LimitRequests.class, new Lines<>(line(LimitRequests::read))),
            Map.entry(LimitConnections.class, new Lines<>(line(LimitConnections::read))),
            Map.entry(SetHeader.class, new Lines<>(line(SetHeader::read))),
            Map.entry(ProxyRedirect.class, new Lines<>(line(ProxyRedirect::read))),
            Map.entry(SetParam.class, new Lines<>(line(SetParam::read))));

    private Codecs() {}

    static Codec<?> of(Type type, Setting setting) {
        if (type.equals(int.class)) {
            return new Value<>(argument -> argument.number(setting.least(), setting.most()), number -> Integer.toString(number));
        }
        if (type instanceof ParameterizedType many) {
            Type element = many.getActualTypeArguments()[0];
            return many.getRawType().equals(Set.class) ? constants((Class<?>) element) : known(ELEMENTS, element);
        }
        return type instanceof Class<?> constants && constants.isEnum() ? constant(constants) : known(SINGLE, type);
    }

    private static Codec<?> known(Map<Type, Codec<?>> codecs, Type type) {
        return Objects.requireNonNull(codecs.get(type), () -> "no codec for " + type);
    }

    private static <T extends Printable> Whole<T> line(Function<Line, T> reader) {
        return new Whole<>(lines -> reader.apply(lines.getLast()));
    }

    @SuppressWarnings("unchecked")
    private static <E extends Enum<E>> Codec<?> constant(Class<?> type) {
        var constants = (Class<E>) type;
        return new Value<>(argument -> argument.choice(constants), Argument::written);
    }

    @SuppressWarnings("unchecked")
    private static <E extends Enum<E>> Codec<?> constants(Class<?> type) {
        return new Constants<>((Class<E>) type);
    }
}
