package io.selvage.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LexerTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "root /www/demo;            | [root] [/www/demo] ;",
        "a{b;}                      | [a] { [b] ; }",
        "a 'b c' \"d e\";           | [a] [b c] [d e] ;",
        "a '' \"\";                 | [a] [] [] ;",
        "a 'b\"c' \"d'e\";          | [a] [b\"c] [d'e] ;",
        "a 'b\\'c' \"d\\\"e\";      | [a] [b'c] [d\"e] ;",
        "a b\\\"c d\\'e f\\\\g;     | [a] [b\"c] [d'e] [f\\g] ;",
        "a ^\\/static\\/.*$;        | [a] [^\\/static\\/.*$] ;",
        "a b\\ c d\\;e f\\{;        | [a] [b\\ c] [d\\;e] [f\\{] ;",
        "a x}y b\"c;                | [a] [x}y] [b\"c] ;",
        "a b#c # d ; e              | [a] [b#c]",
        "a ${b}c $d{                | [a] [${b}c] [$d] {",
        "a ~ \\.php$ {              | [a] [~] [\\.php$] {",
        "if ($a = \"b\") {          | [if] [($a] [=] [b] [)] {",
        "a \"${b} {;}#\";           | [a] [${b} {;}#] ;",
    })
    void wordsAreSplitAsInNginx(String text, String tokens) {
        assertEquals(tokens, shown(text));
    }

    @Test
    void backslashLettersBecomeControlCharacters() {
        assertEquals("[a] [b\tc] [d\re] [f\ng] [\\d\\s] ;", shown("a b\\tc \"d\\re\" 'f\\ng' \\d\\s;"));
    }

    @Test
    void everyTokenHasItsLineAndColumn() {
        var lexer = new Lexer("demo.conf", "\n  server {\n\tlisten \"8\n0\" x;}", new Problems());
        assertEquals("demo.conf:2:3", lexer.next().position().toString());
        assertEquals("demo.conf:2:10", lexer.next().position().toString());
        assertEquals("demo.conf:3:2", lexer.next().position().toString());
        assertEquals("demo.conf:3:9", lexer.next().position().toString());
        assertEquals("demo.conf:4:4", lexer.next().position().toString());
        assertEquals("demo.conf:4:5", lexer.next().position().toString());
        assertEquals("demo.conf:4:6", lexer.next().position().toString());
    }

    @Test
    void byteOrderMarkIsSkipped() {
        assertEquals("[user] ;", shown("\uFEFFuser;"));
        assertEquals("t:1:1", new Lexer("t", "\uFEFFuser;", new Problems()).next().position().toString());
    }

    @Test
    void unclosedQuoteIsReportedAtItsStart() {
        assertEquals(List.of("t:2:3: the quote \" is not closed"), problems("a;\nb \"c;\n}\n"));
        assertEquals(List.of("t:1:3: the quote ' is not closed"), problems("b 'c\\'"));
    }

    @Test
    void closingQuoteMustBeFollowedBySpace() {
        assertEquals(List.of("t:1:6: unexpected \"d\" behind a closing quote"), problems("a \"b\"d;"));
    }

    @Test
    void lengthOfWordsIsLimited() {
        assertEquals(List.of(), problems("a " + "b".repeat(Lexer.LONGEST_WORD) + ";"));
        assertEquals(List.of("t:1:3: a word of more than 4096 characters; is a quote missing?"),
                problems("a " + "b".repeat(Lexer.LONGEST_WORD + 1) + ";"));
    }

    @Test
    void invalidBytesAreRefusedOutsideComments() {
        assertEquals(List.of("t:1:3: a zero byte in a word"), problems("a b\0c;"));
        assertEquals(List.of("t:1:3: not UTF-8 text"), problems("a b\uFFFDc;"));
        assertEquals(List.of(), problems("# \0 \uFFFD\na b;"));
    }

    @RepeatedTest(500)
    void randomTextCausesNoException(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        var text = new StringBuilder();
        for (int i = random.nextInt(200); i > 0; i--) {
            text.append("ab ${}();\\\"'#\n\r\t".charAt(random.nextInt(16)));
        }
        assertDoesNotThrow(() -> assertTrue(tokens(text.toString(), new Problems()).size() <= text.length()));
    }

    private static List<String> problems(String text) {
        var problems = new Problems();
        tokens(text, problems);
        return problems.errors().stream().map(Problem::toString).toList();
    }

    private static String shown(String text) {
        var problems = new Problems();
        String shown = String.join(" ", tokens(text, problems));
        assertEquals(List.of(), problems.errors());
        return shown;
    }

    private static List<String> tokens(String text, Problems problems) {
        var lexer = new Lexer("t", text, problems);
        var shown = new ArrayList<String>();
        while (true) {
            switch (lexer.next()) {
                case Token.Text(var word) -> shown.add("[" + word + "]");
                case Token.Semicolon _ -> shown.add(";");
                case Token.Open _ -> shown.add("{");
                case Token.Close _ -> shown.add("}");
                case Token.End _ -> {
                    return shown;
                }
            }
        }
    }
}
