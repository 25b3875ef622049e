package io.selvage.server.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/// How one setting is read from the lines that set it, and written as such lines.
public interface Codec<T> {
    /// @param lines all lines of the nearest block that has any; none for a default without arguments
    T read(List<Line> lines);

    List<Directive> write(String name, T value);

    /// What each of the lines looks like.
    Shape shape();

    /// What is one word: the only argument of a line, or in a list each argument of each line.
    static <T> Codec<T> word(Function<Argument, T> reader, Function<T, String> writer) {
        return new Codecs.Word<>(reader, writer);
    }

    /// What is one whole line with this many arguments.
    static <T> Codec<T> line(int least, int most, Function<Line, T> reader, Function<T, List<String>> writer) {
        return new Codecs.Whole<>(Shape.of(least, most), lines -> reader.apply(lines.getLast()),
                (name, value) -> List.of(Directive.of(name, writer.apply(value))));
    }

    static <T extends Printable> Codec<T> line(int least, int most, Function<Line, T> reader) {
        return line(least, most, reader, Printable::words);
    }

    /// What several lines set together.
    static <T> Codec<T> lines(Shape shape, Function<List<Line>, T> reader, BiFunction<String, T, List<Directive>> writer) {
        return new Codecs.Whole<>(shape, reader, writer);
    }

    /// What may not be there at all.
    static <T> Codec<T> maybe(T nothing, Codec<T> codec) {
        return new Codecs.Maybe<>(nothing, codec);
    }

    /// One element for each line. No two may have the same name.
    ///
    /// @param taken names that no line may declare
    static <E> Codec<List<E>> named(Codec<E> element, Function<E, String> name, Collection<String> taken) {
        return lines(element.shape().repeated(), lines -> {
            HashSet<String> names = new HashSet<>(taken);
            List<E> all = new ArrayList<>();
            for (Line line : lines) {
                E one = element.read(List.of(line));
                all.add(one);
                if (!names.add(name.apply(one))) {
                    line.problem("\"" + line.name() + "\" of the name \"" + name.apply(one) + "\" is duplicate");
                }
            }
            return List.copyOf(all);
        }, (directive, all) -> all.stream().flatMap(one -> element.write(directive, one).stream()).toList());
    }
}
