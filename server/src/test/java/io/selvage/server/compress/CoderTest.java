package io.selvage.server.compress;

import io.selvage.server.compress.Coder.Goal;
import io.selvage.server.http.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CoderTest {
    private static final String TEXT = "The quick brown fox jumps over the lazy dog. ".repeat(50);

    static Stream<CoderSpec> specs() {
        return Stream.of(
                IntStream.rangeClosed(1, 9).mapToObj(level -> new CoderSpec(ContentCoding.GZIP, level, 0)),
                IntStream.rangeClosed(0, 11).mapToObj(level -> new CoderSpec(ContentCoding.BROTLI, level, 19)),
                Stream.of(1, 3, 9, 19).map(level -> new CoderSpec(ContentCoding.ZSTD, level, 0))).flatMap(each -> each);
    }

    static Stream<CoderSpec> oneOfEach() {
        return Stream.of(new CoderSpec(ContentCoding.GZIP, 1, 0), new CoderSpec(ContentCoding.BROTLI, 4, 16),
                new CoderSpec(ContentCoding.ZSTD, 1, 0));
    }

    /// Runs a coder to its goal with a small buffer for its output.
    private static void run(Coder coder, String text, Goal goal, int room, ByteArrayOutputStream made) throws Failure {
        ByteBuffer in = ByteBuffer.allocateDirect(text.length()).put(text.getBytes(ISO_8859_1)).flip();
        ByteBuffer out = ByteBuffer.allocateDirect(room);
        boolean reached = false;
        for (int steps = 0; !reached; steps++) {
            assertTrue(steps < 1_000_000, "no end");
            reached = coder.step(in, out.clear(), goal);
            out.flip();
            byte[] bytes = new byte[out.remaining()];
            out.get(bytes);
            made.writeBytes(bytes);
        }
    }

    private static String coded(CoderSpec spec, String text, int cut, int room) throws Failure {
        var made = new ByteArrayOutputStream();
        try (Coder coder = spec.open()) {
            run(coder, text.substring(0, cut), Goal.CODE, room, made);
            run(coder, text.substring(cut), Goal.END, room, made);
        }
        return made.toString(ISO_8859_1);
    }

    @ParameterizedTest
    @MethodSource("specs")
    void contentSurvives(CoderSpec spec) throws Failure, IOException {
        String coded = coded(spec, TEXT, 1000, 4096);
        assertEquals(TEXT, Decoding.decoded(spec.coding(), coded));
        assertTrue(coded.length() < TEXT.length() / 5, () -> "only " + coded.length());
    }

    @ParameterizedTest
    @MethodSource("oneOfEach")
    void contentSurvivesAtEveryCut(CoderSpec spec) throws Failure, IOException {
        String text = TEXT.substring(0, 60);
        for (int cut = 0; cut <= text.length(); cut++) {
            assertEquals(text, Decoding.decoded(spec.coding(), coded(spec, text, cut, 64)));
        }
    }

    @ParameterizedTest
    @MethodSource("oneOfEach")
    void contentSurvivesWithLittleRoom(CoderSpec spec) throws Failure, IOException {
        byte[] noise = new byte[20_000];
        new SplittableRandom(7).nextBytes(noise);
        String text = new String(noise, ISO_8859_1) + TEXT;
        for (int room : new int[] {11, 13, 100, 4096}) {
            assertEquals(text, Decoding.decoded(spec.coding(), coded(spec, text, 9000, room)));
        }
    }

    @ParameterizedTest
    @MethodSource("oneOfEach")
    void emptyContentSurvives(CoderSpec spec) throws Failure, IOException {
        assertEquals("", Decoding.decoded(spec.coding(), coded(spec, "", 0, 64)));
    }

    @ParameterizedTest
    @MethodSource("oneOfEach")
    void flushMakesEverythingReadable(CoderSpec spec) throws Failure, IOException {
        var made = new ByteArrayOutputStream();
        try (Coder coder = spec.open()) {
            run(coder, "first,", Goal.CODE, 64, made);
            run(coder, "", Goal.FLUSH, 64, made);
            assertEquals("first,", Decoding.flushed(spec.coding(), made.toByteArray()));
            run(coder, "second", Goal.FLUSH, 64, made);
            assertEquals("first,second", Decoding.flushed(spec.coding(), made.toByteArray()));
            run(coder, "", Goal.END, 64, made);
        }
        assertEquals("first,second", Decoding.decoded(spec.coding(), made.toString(ISO_8859_1)));
    }

    @Test
    void deflaterFromThePoolBeginsAnew() throws Failure, IOException {
        CoderSpec spec = new CoderSpec(ContentCoding.GZIP, 9, 0);
        try (Coder coder = spec.open()) {
            run(coder, TEXT, Goal.CODE, 4096, new ByteArrayOutputStream());
        }
        assertEquals(TEXT, Decoding.decoded(ContentCoding.GZIP, coded(spec, TEXT, 0, 4096)));
    }
}
