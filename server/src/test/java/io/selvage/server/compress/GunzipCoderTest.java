package io.selvage.server.compress;

import io.selvage.server.compress.Coder.Goal;
import io.selvage.server.http.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class GunzipCoderTest {
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int HEADER_CHECKSUM = 2;

    private static String gzip(String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(ISO_8859_1));
        }
        return bytes.toString(ISO_8859_1);
    }

    private static String gunzip(String... pieces) throws Failure {
        var made = new ByteArrayOutputStream();
        try (GunzipCoder coder = new GunzipCoder()) {
            for (int i = 0; i < pieces.length; i++) {
                ByteBuffer in = ByteBuffer.allocateDirect(pieces[i].length()).put(pieces[i].getBytes(ISO_8859_1)).flip();
                ByteBuffer out = ByteBuffer.allocateDirect(7);
                boolean reached = false;
                for (int steps = 0; !reached; steps++) {
                    assertTrue(steps < 1_000_000, "no end");
                    reached = coder.step(in, out.clear(), i == pieces.length - 1 ? Goal.END : Goal.CODE);
                    out.flip();
                    byte[] bytes = new byte[out.remaining()];
                    out.get(bytes);
                    made.writeBytes(bytes);
                }
            }
        }
        return made.toString(ISO_8859_1);
    }

    @Test
    void contentComesBackAtEveryCut() throws Failure, IOException {
        String compressed = gzip("hello, hello, hello");
        for (int cut = 0; cut <= compressed.length(); cut++) {
            assertEquals("hello, hello, hello", gunzip(compressed.substring(0, cut), compressed.substring(cut)));
        }
    }

    @Test
    void membersFollowEachOther() throws Failure, IOException {
        assertEquals("onetwo", gunzip(gzip("one") + gzip("") + gzip("two")));
    }

    @Test
    void emptyStreamHasNoContent() throws Failure {
        assertEquals("", gunzip(""));
    }

    @ParameterizedTest
    @ValueSource(ints = {EXTRA, NAME, COMMENT, HEADER_CHECKSUM, NAME + COMMENT, EXTRA + NAME + COMMENT + HEADER_CHECKSUM})
    void optionalPartsOfTheHeaderAreSkipped(int flags) throws Failure, IOException {
        String compressed = gzip("text");
        String parts = ((flags & EXTRA) != 0 ? "\5\0abc\0d" : "") + ((flags & NAME) != 0 ? "name\0" : "")
                + ((flags & COMMENT) != 0 ? "a comment\0" : "") + ((flags & HEADER_CHECKSUM) != 0 ? "xy" : "");
        String header = compressed.substring(0, 3) + (char) flags + compressed.substring(4, 10);
        assertEquals("text", gunzip(header + parts + compressed.substring(10)));
    }

    @Test
    void truncatedStreamIsAFailureAtEveryCut() throws IOException {
        String compressed = gzip("hello");
        for (int cut = 1; cut < compressed.length(); cut++) {
            String part = compressed.substring(0, cut);
            assertEquals(Failure.What.MALFORMED, assertThrows(Failure.class, () -> gunzip(part), part).what());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"no gzip at all", "\u001f\u008b\7rest of it", "\u001f\u008b\b\u00e0rest of it"})
    void otherFormatsAreAFailure(String bytes) {
        assertThrows(Failure.class, () -> gunzip(bytes));
    }

    @Test
    void wrongChecksumOrLengthIsAFailure() throws IOException {
        String compressed = gzip("hello");
        for (int i = compressed.length() - 8; i < compressed.length(); i++) {
            String wrong = compressed.substring(0, i) + (char) (compressed.charAt(i) ^ 1) + compressed.substring(i + 1);
            assertThrows(Failure.class, () -> gunzip(wrong));
        }
    }

    @Test
    void bytesBehindTheLastMemberAreAFailure() throws IOException {
        String compressed = gzip("hello");
        assertThrows(Failure.class, () -> gunzip(compressed + "rest"));
    }
}
