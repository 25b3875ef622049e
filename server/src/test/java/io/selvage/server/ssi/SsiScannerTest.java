package io.selvage.server.ssi;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class SsiScannerTest {
    private static final String PAGE = "<p><!-- a --><<!--# set var=\"a\" value='it\\'s \\\\' --><!-"
            + "<!--#  echo\n var = 'a'-->x<!--#e=--->-->y<!--";

    /// What is found, in words; text that belongs together is joined.
    private static String found(String page, int... cuts) {
        SsiScanner scanner = new SsiScanner(20);
        StringBuilder found = new StringBuilder();
        int from = 0;
        for (int i = 0; i <= cuts.length; i++) {
            int to = i < cuts.length ? cuts[i] : page.length();
            scan(scanner, ByteBuffer.wrap(page.substring(from, to).getBytes(StandardCharsets.ISO_8859_1)), found);
            from = to;
        }
        return found.append(scanner.rest()).toString();
    }

    private static void scan(SsiScanner scanner, ByteBuffer input, StringBuilder found) {
        while (true) {
            switch (scanner.next(input)) {
                case SsiScanner.Plain(int count) -> {
                    for (int i = 0; i < count; i++) {
                        found.append((char) input.get());
                    }
                }
                case SsiScanner.Held(var text) -> found.append(text);
                case SsiScanner.Command(var command, _) -> found.append('{').append(command.name()).append(parameters(command))
                        .append('}');
                case SsiScanner.Malformed(var problem, _) -> found.append("{!").append(problem).append('}');
                case SsiScanner.NeedsInput() -> {
                    return;
                }
            }
        }
    }

    private static String parameters(SsiCommand command) {
        StringBuilder text = new StringBuilder();
        command.parameters().forEach(each -> text.append(' ').append(each.name()).append('=').append(each.value()));
        return text.toString();
    }

    @Test
    void findsCommandsAmongText() {
        assertEquals("<p><!-- a --><{set var=a value=it's \\\\}<!-{echo var=a}x"
                + "{!unexpected \"-\" symbol in \"e=\" SSI command}y<!--", found(PAGE));
    }

    @Test
    void findsTheSameWhereverTheInputIsCut() {
        String whole = found(PAGE);
        for (int cut = 0; cut <= PAGE.length(); cut++) {
            assertEquals(whole, found(PAGE, cut), "cut at " + cut);
        }
        assertEquals(whole, found(PAGE, IntStream.range(1, PAGE.length()).toArray()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "a b='123456789012345678901' | too long \"123456789012345678901...\" value of \"b\" parameter in \"a\" SSI command",
        "abcdefghijklmnopqrstuvwxyzabcdefg | the \"abcdefghijklmnopqrstuvwxyzabcdefg...\" SSI command is too long",
        "a bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb | too long \"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb...\" parameter in \"a\" SSI command",
        "a b 'c' | unexpected \"'\" symbol after \"b\" parameter in \"a\" SSI command",
        "a b='c'd='e' | unexpected \"d\" symbol after value of \"b\" parameter in \"a\" SSI command",
        "a - | unexpected \" \" symbol in \"a\" SSI command",
    })
    void reportsWhatIsNoCommand(String command, String problem) {
        assertEquals("{!" + problem + "}.", found("<!--# " + command + " -->."));
    }

    /// Whatever the input, all of it that is not in a command comes out again.
    @Test
    void losesNoText() {
        SplittableRandom random = new SplittableRandom(7);
        String letters = "<!-# a>-'=";
        for (int i = 0; i < 2000; i++) {
            StringBuilder page = new StringBuilder();
            for (int length = random.nextInt(30); length > 0; length--) {
                page.append(letters.charAt(random.nextInt(letters.length())));
            }
            String text = page.toString();
            if (text.contains("<!--#")) {
                assertTrue(found(text).startsWith(text.substring(0, text.indexOf("<!--#"))), text);
            } else {
                assertEquals(text, found(text));
            }
        }
    }

    @Test
    void aCommandHasAtMostSixteenParameters() {
        assertEquals(List.of("{!too many SSI command parameters}"), List.of(found("<!--# a" + " b='c'".repeat(17) + " -->")));
    }
}
