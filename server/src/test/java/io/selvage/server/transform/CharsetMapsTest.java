package io.selvage.server.transform;

import io.selvage.server.http.Body;
import io.selvage.server.http.Failure;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CharsetMapsTest {
    private static final CharsetMaps MAPS = new CharsetMaps(List.of(
            new CharsetMaps.Table("A", "B", Map.of((int) 'x', (int) 'y', 0xe0, 0xe1)),
            new CharsetMaps.Table("latin", "utf-8", Map.of(0xfc, 0xfc, 0x80, 0x20ac))));

    private static String converted(String from, String to, List<String> pieces) throws Failure {
        return Pieces.text(TransformedBody.of(Pieces.of(pieces), MAPS.conversion(from, to).orElseThrow()));
    }

    private static String utf8(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    @Test
    void bytesAreReplacedThereAndBack() throws Failure {
        assertEquals("ay\u00e1?", converted("a", "b", List.of("ax\u00e0\u00e2")));
        assertEquals("axx\u00e0?", converted("B", "A", List.of("axy\u00e1\u00e0")));
    }

    @Test
    void bytesBecomeSequencesOfUtf8() throws Failure {
        assertEquals(utf8("a\u00fc\u20ac?"), converted("latin", "UTF-8", List.of("a\u00fc\u0080\u0081")));
    }

    @Test
    void sequencesOfUtf8BecomeBytesOrReferences() throws Failure {
        assertEquals("a\u00fc\u0080&#9731;&#128512;.",
                converted("utf-8", "latin", List.of(utf8("a\u00fc\u20ac\u2603\ud83d\ude00."))));
    }

    @Test
    void sequenceMayEndInAnotherPiece() throws Failure {
        String text = utf8("\u20ac\u00fc\ud83d\ude00x");
        for (int cut = 1; cut < text.length(); cut++) {
            assertEquals("\u0080\u00fc&#128512;x",
                    converted("utf-8", "latin", List.of(text.substring(0, cut), text.substring(cut))));
        }
    }

    @ParameterizedTest
    @CsvSource({"80 41, ?A", "c3, ?", "c3 41, ?A", "c0 80, ??", "ed a0 80, ???", "f5 80 80 80, ????", "e2 82, ??", "ff, ?"})
    void whatIsNotUtf8BecomesAQuestionMark(String bytes, String result) throws Failure {
        StringBuilder text = new StringBuilder();
        for (String hex : bytes.split(" ")) {
            text.append((char) Integer.parseInt(hex, 16));
        }
        assertEquals(result, converted("utf-8", "latin", List.of(text.toString())));
    }

    /// Random bytes are converted without an exception, and pieces make no difference.
    @Test
    void anyBytesAreConverted() throws Failure {
        SplittableRandom random = new SplittableRandom(11);
        for (int run = 0; run < 2_000; run++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(1, 12); i > 0; i--) {
                text.append((char) (random.nextBoolean() ? random.nextInt(0x80, 0x100) : random.nextInt(0x100)));
            }
            int cut = random.nextInt(text.length() + 1);
            String whole = converted("utf-8", "latin", List.of(text.toString()));
            List<String> pieces = Stream.of(text.substring(0, cut), text.substring(cut)).filter(each -> !each.isEmpty()).toList();
            assertEquals(whole, converted("utf-8", "latin", pieces));
        }
    }

    @Test
    void onlyBytesForBytesKeepTheLength() throws Failure {
        Body same = TransformedBody.of(Body.text("abc"), MAPS.conversion("a", "b").orElseThrow());
        Body other = TransformedBody.of(Body.text("abc"), MAPS.conversion("latin", "utf-8").orElseThrow());
        assertEquals(3, same.length().orElseThrow());
        assertTrue(other.length().isEmpty());
        assertEquals("abc", Pieces.text(other, 2));
    }
}
