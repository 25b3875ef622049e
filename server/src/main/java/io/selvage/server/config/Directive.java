package io.selvage.server.config;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One directive as it is written in a file: its name, its arguments and, if it opens a block, the directives inside.
///
/// @param opened the position of the `{`; line 0 if there is no block
public record Directive(Word name, List<Word> arguments, Position opened, List<Directive> block) {
    public Directive {
        arguments = List.copyOf(arguments);
        block = List.copyOf(block);
    }

    /// A directive without a block.
    public static Directive line(Word name, List<Word> arguments) {
        return new Directive(name, arguments, Position.whole(name.position().file()), List.of());
    }

    /// A line that is in no file.
    public static Directive of(String name, List<String> arguments) {
        return line(word(name), arguments.stream().map(Directive::word).toList());
    }

    /// A block that is in no file.
    public static Directive block(String name, List<String> arguments, List<Directive> inside) {
        return new Directive(word(name), arguments.stream().map(Directive::word).toList(), new Position("", 1, 1), inside);
    }

    private static Word word(String text) {
        return new Word(text, Position.whole(""));
    }

    public boolean is(String other) {
        return name.text().equals(other);
    }

    /// Whether its name and first arguments are these words, separated by spaces.
    boolean startsWith(String words) {
        String all = Stream.concat(Stream.of(name), arguments.stream()).map(Word::text).collect(Collectors.joining(" "));
        return (all + " ").startsWith(words + " ");
    }

    public boolean hasBlock() {
        return opened.line() > 0;
    }

    /// The position of its name.
    public Position position() {
        return name.position();
    }
}
