package io.selvage.server.config;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Files to a tree of directives, with every `include` replaced by what it names. What the directives mean is not
/// known here; the insides of blocks such as `types` come out like any other. Used by one thread.
final class Parser {
    /// How deep blocks may be nested, and files included in one another.
    static final int DEEPEST_BLOCK = 64;
    static final int DEEPEST_INCLUDE = 16;

    private final Sources sources;
    private final Problems problems;
    private final Deque<String> reading = new ArrayDeque<>();

    Parser(Sources sources, Problems problems) {
        this.sources = sources;
        this.problems = problems;
    }

    List<Directive> parse(Source source) {
        reading.push(source.name());
        var lexer = new Lexer(source.name(), source.text(), problems);
        var found = new ArrayList<Directive>();
        Token stop = directives(lexer, found, 0);
        while (stop instanceof Token.Close(var position)) {
            problems.error(position, "unexpected \"}\"");
            stop = directives(lexer, found, 0);
        }
        reading.pop();
        return found;
    }

    /// Reads up to the `}` that closes the block, or the end of the file, and returns which of them it was.
    private Token directives(Lexer lexer, List<Directive> into, int depth) {
        var words = new ArrayList<Word>();
        while (true) {
            Token token = lexer.next();
            switch (token) {
                case Token.Text(var word) -> words.add(word);
                case Token.Semicolon(var position) -> {
                    if (words.isEmpty()) {
                        problems.error(position, "unexpected \";\"");
                    } else {
                        end(words, into);
                    }
                    words.clear();
                }
                case Token.Open(var position) -> {
                    into.addAll(block(lexer, words, position, depth + 1));
                    words.clear();
                }
                case Token.Close(var position) -> {
                    missingSemicolon(lexer, words, position, "\"}\"");
                    return token;
                }
                case Token.End(var position) -> {
                    missingSemicolon(lexer, words, position, "end of file");
                    return token;
                }
            }
        }
    }

    private void missingSemicolon(Lexer lexer, List<Word> words, Position position, String found) {
        if (!words.isEmpty() && !lexer.broken()) {
            problems.error(position, "unexpected " + found + ", \"" + words.getFirst() + "\" on line "
                    + words.getFirst().position().line() + " is not ended by \";\"");
        }
    }

    private List<Directive> block(Lexer lexer, List<Word> words, Position opened, int depth) {
        if (depth > DEEPEST_BLOCK) {
            lexer.giveUp(opened, "blocks are nested more than " + DEEPEST_BLOCK + " deep");
            return List.of();
        }
        var inside = new ArrayList<Directive>();
        Token stop = directives(lexer, inside, depth);
        if (stop instanceof Token.End(var position) && !lexer.broken()) {
            lexer.giveUp(position, "unexpected end of file, the \"{\" on line " + opened.line() + " is not closed");
        }
        if (words.isEmpty()) {
            problems.error(opened, "unexpected \"{\"");
            return List.of();
        }
        return List.of(new Directive(words.getFirst(), words.subList(1, words.size()), opened, inside));
    }

    private void end(List<Word> words, List<Directive> into) {
        Word name = words.getFirst();
        if (!name.text().equals("include")) {
            into.add(Directive.line(name, words.subList(1, words.size())));
        } else if (words.size() != 2) {
            problems.error(name.position(), "\"include\" needs one argument, got " + (words.size() - 1));
        } else {
            for (Source source : sources.included(words.get(1))) {
                into.addAll(include(source, words.get(1)));
            }
        }
    }

    private List<Directive> include(Source source, Word asked) {
        if (reading.contains(source.name())) {
            problems.error(asked.position(), "\"" + asked + "\" includes itself");
            return List.of();
        }
        if (reading.size() >= DEEPEST_INCLUDE) {
            problems.error(asked.position(), "files are included more than " + DEEPEST_INCLUDE + " deep");
            return List.of();
        }
        return parse(source);
    }
}
