package io.selvage.server.transform;

import io.selvage.server.compress.BodyReader;
import io.selvage.server.http.Body;
import io.selvage.server.http.BodySource;
import io.selvage.server.http.Failure;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class SubstitutionTest {

    private static Substitution replacing(boolean once, String... pairs) {
        List<String> searched = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < pairs.length; i += 2) {
            searched.add(pairs[i]);
            texts.add(pairs[i + 1]);
        }
        return new Substitution(new SearchStrings(searched),
                index -> texts.get(index).getBytes(StandardCharsets.ISO_8859_1), once);
    }

    private static String replaced(List<String> pieces, boolean once, String... pairs) throws Failure {
        return Pieces.text(TransformedBody.of(Pieces.of(pieces), replacing(once, pairs)));
    }

    @ParameterizedTest
    @CsvSource({
        "foo, bar",
        "FOO, bar",
        "xfoox, xbarx",
        "ffoo, fbar",
        "fofoo, fobar",
        "fo, fo",
        "foofo, barfo",
        "foofoo, barbar",
    })
    void stringIsReplacedWhereverItIs(String text, String result) throws Failure {
        assertEquals(result, replaced(List.of(text), false, "foo", "bar"));
    }

    @ParameterizedTest
    @CsvSource({
        "abac, abaabac, aba-",
        "abac, ababac, ab-",
        "ababX, abababx, ab-",
        "aab, aaaab, aa-",
    })
    void beginningThatTurnsOutWrongIsLookedAtAgain(String string, String text, String result) throws Failure {
        assertEquals(result, replaced(List.of(text), false, string, "-"));
    }

    @Test
    void onceReplacesEachStringOnce() throws Failure {
        assertEquals("1-2-foo-oof", replaced(List.of("foo-oof-foo-oof"), true, "foo", "1", "oof", "2"));
    }

    @Test
    void leftmostStringIsReplacedAndOfTwoAtOnePlaceTheFirst() throws Failure {
        assertEquals("-", replaced(List.of("aaabb"), false, "aabb", "+", "aaabb", "-"));
        assertEquals("+c", replaced(List.of("abc"), false, "ab", "+", "abc", "-"));
        assertEquals("-", replaced(List.of("abc"), false, "abc", "-", "ab", "+"));
    }

    @Test
    void replacementIsNotLookedAt() throws Failure {
        assertEquals("aa aa", replaced(List.of("a a"), false, "a", "aa"));
    }

    @Test
    void stringMayEndInAnotherPiece() throws Failure {
        String text = "one two three two";
        for (int cut = 0; cut <= text.length(); cut++) {
            assertEquals("one 2 three 2", replaced(List.of(text.substring(0, cut) + "", text.substring(cut)), false, "two", "2"));
        }
    }

    /// A reader gets everything that cannot belong to a string any more, though the next piece is not there yet.
    @Test
    void onlyAPossibleBeginningIsHeldBack() throws Failure {
        Body body = TransformedBody.of(Pieces.of(List.of("xyz", "a.")), replacing(false, "zb", "-"));
        try (BodySource source = BodyReader.of(body)) {
            ByteBuffer buffer = ByteBuffer.allocate(100);
            source.read(buffer);
            assertEquals("xy", StandardCharsets.ISO_8859_1.decode(buffer.flip()).toString());
        }
    }

    @Test
    void resultLongerThanEveryBufferIsWhole() throws Failure {
        String text = "x".repeat(20_000);
        String expected = "yyyyyyyyyyyyyyy".repeat(20_000);
        Body body = TransformedBody.of(Body.text(text), replacing(false, "x", "yyyyyyyyyyyyyyy"));
        assertEquals(expected, Pieces.text(body, 1000));
    }

    /// Any text in any pieces through any buffer gives the same as replacing in a string.
    @Test
    void piecesMakeNoDifference() throws Failure {
        SplittableRandom random = new SplittableRandom(5);
        for (int run = 0; run < 2_000; run++) {
            StringBuilder text = new StringBuilder();
            List<String> pieces = new ArrayList<>();
            for (int i = random.nextInt(6); i > 0; i--) {
                String piece = random.ints(random.nextInt(1, 9), 'a', 'd').collect(StringBuilder::new,
                        StringBuilder::appendCodePoint, StringBuilder::append).toString();
                pieces.add(piece);
                text.append(piece);
            }
            String string = random.ints(random.nextInt(1, 5), 'a', 'c').collect(StringBuilder::new,
                    StringBuilder::appendCodePoint, StringBuilder::append).toString();
            String expected = text.toString().replace(string, "<>");
            Body body = TransformedBody.of(Pieces.of(pieces), replacing(false, string.toUpperCase(Locale.ROOT), "<>"));
            assertEquals(expected, Pieces.text(body, random.nextInt(1, 10)), () -> string + " in " + pieces);
        }
    }
}
