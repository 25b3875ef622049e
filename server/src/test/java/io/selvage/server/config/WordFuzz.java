package io.selvage.server.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The words of a configuration file. The input is the file.
public final class WordFuzz {
    private WordFuzz() {
    }

    /// Called by the fuzzer.
    public static void fuzzerTestOneInput(byte[] input) {
        var problems = new Problems();
        String text = new Source("f", Path.of("f"), input).text();
        List<Token> tokens = tokens(text, problems);
        boolean isUtf8 = Arrays.equals(input, new String(input, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8));
        assertPositions(tokens, text, isUtf8 ? 1 : 0);
        if (problems.errors().isEmpty()) {
            assertEquals(shapes(tokens), shapes(tokens(printed(tokens), problems)));
            assertTrue(problems.errors().isEmpty(), () -> problems.errors().toString());
        }
        assertFalse(input.length < 100 && problems.errors().size() > input.length + 1);
    }

    private static List<Token> tokens(String text, Problems problems) {
        var lexer = new Lexer("f", text, problems);
        List<Token> tokens = new ArrayList<>();
        do {
            tokens.add(lexer.next());
            assertTrue(tokens.size() <= text.length() + 1, "more tokens than characters");
        } while (!(tokens.getLast() instanceof Token.End));
        return tokens;
    }

    /// Positions rise, and each is a place of the file. Columns count the characters of UTF-8, so where the file has other bytes,
    /// two words may have the same position.
    ///
    /// @param least the least distance of two words
    private static void assertPositions(List<Token> tokens, String text, int least) {
        String[] lines = text.split("\n", -1);
        Position before = new Position("f", 1, 0);
        for (Token token : tokens.subList(0, tokens.size() - 1)) {
            Position here = position(token);
            assertTrue(here.compareTo(before) >= least, here::toString);
            assertTrue(here.line() <= lines.length && here.column() <= lines[here.line() - 1].length(), here::toString);
            before = here;
        }
    }

    private static Position position(Token token) {
        return switch (token) {
            case Token.Text(var word) -> word.position();
            case Token.Semicolon(var position) -> position;
            case Token.Open(var position) -> position;
            case Token.Close(var position) -> position;
            case Token.End(var position) -> position;
        };
    }

    private static List<String> shapes(List<Token> tokens) {
        return tokens.stream().map(token -> switch (token) {
            case Token.Text(var word) -> "word " + word.text();
            case Token.Semicolon _ -> ";";
            case Token.Open _ -> "{";
            case Token.Close _ -> "}";
            case Token.End _ -> "end";
        }).toList();
    }

    private static String printed(List<Token> tokens) {
        var text = new StringBuilder("\n");               // a file may start with a byte order mark, which is no word
        for (Token token : tokens) {
            text.append(switch (token) {
                case Token.Text(var word) -> Printer.quoted(word);
                case Token.Semicolon _ -> ";";
                case Token.Open _ -> "{";
                case Token.Close _ -> "}";
                case Token.End _ -> "";
            }).append('\n');
        }
        assertEquals(text.toString(), new String(text.toString().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8));
        return text.toString();
    }
}
