package io.selvage.server.config;

import io.selvage.server.net.ByteText;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
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
        assertEquals("[user] ;", shown(ByteText.encode("\uFEFFuser;")));
        assertEquals("t:1:1", new Lexer("t", ByteText.encode("\uFEFFuser;"), new Problems()).next().position().toString());
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
        assertEquals(List.of("t:1:3: a word of more than 4096 bytes; is a quote missing?"),
                problems("a " + "b".repeat(Lexer.LONGEST_WORD + 1) + ";"));
    }

    @Test
    void zeroByteIsRefusedOutsideComments() {
        assertEquals(List.of("t:1:3: a zero byte in a word"), problems("a b\0c;"));
        assertEquals(List.of(), problems("# \0\na b;"));
    }

    @Test
    void wordHasTheBytesOfItsFile() {
        assertEquals("[stra\u00c3\u009fe] [\u0080\u00ff] ;", shown(ByteText.encode("stra\u00dfe") + " \u0080\u00ff;"));
    }

    @Test
    void columnsCountCharacters() {
        var lexer = new Lexer("t", ByteText.encode("\"\u00e4\u20ac\" b\n\u00df c"), new Problems());
        assertEquals("t:1:1", lexer.next().position().toString());
        assertEquals("t:1:6", lexer.next().position().toString());
        assertEquals("t:2:1", lexer.next().position().toString());
        assertEquals("t:2:3", lexer.next().position().toString());
    }

    @Test
    void positionInsideAWordCountsEscapesAndLines() {
        var lexer = new Lexer("t", " \"a\\\"\\d\n\\tb\"", new Problems());
        Word word = ((Token.Text) lexer.next()).word();
        assertEquals("a\"\\d\n\tb", word.text());
        assertEquals(List.of("t:1:3", "t:1:4", "t:1:6", "t:1:7", "t:1:8", "t:2:1", "t:2:3"),
                IntStream.range(0, 7).mapToObj(index -> word.at(index).toString()).toList());
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
