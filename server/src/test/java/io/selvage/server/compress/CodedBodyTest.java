package io.selvage.server.compress;

import io.selvage.server.http.Body;
import io.selvage.server.http.BodySource;
import io.selvage.server.http.Failure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CodedBodyTest {

    static Stream<CoderSpec> specs() {
        return CoderTest.oneOfEach();
    }

    /// Returns these texts; an empty text is a wait.
    private static final class Texts implements BodySource {
        private final Deque<String> texts = new ArrayDeque<>();
        private int waits;
        private int closed;

        Texts(String... texts) {
            this.texts.addAll(List.of(texts));
        }

        @Override
        public int read(ByteBuffer into) throws Failure {
            if (!texts.isEmpty() && texts.peek().isEmpty()) {
                texts.poll();
                waits++;
            }
            if (texts.isEmpty()) {
                return -1;
            }
            String text = texts.poll();
            if (text.equals("broken")) {
                throw Failure.upstream(Failure.What.CLOSED, false, "cut short");
            }
            int count = Math.min(text.length(), into.remaining());
            into.put(text.substring(0, count).getBytes(ISO_8859_1));
            if (count < text.length()) {
                texts.addFirst(text.substring(count));
            }
            return count;
        }

        @Override
        public boolean hasMoreNow() {
            return texts.isEmpty() || !texts.peek().isEmpty();
        }

        @Override
        public OptionalLong length() {
            return OptionalLong.of(9);
        }

        @Override
        public void close() {
            closed++;
        }
    }

    private static CodedBody coded(BodySource source, CoderSpec spec) throws Failure {
        return CodedBody.compressed(source, spec).orElseThrow();
    }

    private static String readAll(BodySource source, int room) throws Failure {
        ByteBuffer into = ByteBuffer.allocate(room);
        StringBuilder text = new StringBuilder();
        int count = source.read(into);
        while (count >= 0) {
            assertTrue(count > 0, "nothing was read");
            text.append(ISO_8859_1.decode(into.flip()));
            count = source.read(into.clear());
        }
        return text.toString();
    }

    @ParameterizedTest
    @MethodSource("specs")
    void longBodyIsCompressed(CoderSpec spec) throws Failure, IOException {
        String text = "some words, repeated. ".repeat(20_000);
        try (CodedBody body = coded(new Texts(text, "", text), spec)) {
            String compressed = readAll(body, 1000);
            assertEquals(text + text, Decoding.decoded(spec.coding(), compressed));
            assertEquals(2 * text.length(), body.before());
            assertEquals(compressed.length(), body.after());
            assertEquals(OptionalLong.empty(), body.length());
        }
    }

    @ParameterizedTest
    @MethodSource("specs")
    void whatCameCanBeDecodedBeforeTheSourceIsWaitedFor(CoderSpec spec) throws Failure, IOException {
        Texts source = new Texts("first", "", "second");
        try (CodedBody body = coded(source, spec)) {
            ByteBuffer into = ByteBuffer.allocate(1000);
            while (source.waits == 0 && into.position() == 0) {
                body.read(into);
                while (body.readNow(into) > 0) {
                }
            }
            assertEquals(0, source.waits);
            assertEquals("first", Decoding.flushed(spec.coding(), Arrays.copyOf(into.array(), into.position())));
        }
    }

    @ParameterizedTest
    @MethodSource("specs")
    void readNowNeverWaits(CoderSpec spec) throws Failure {
        Texts source = new Texts("", "late");
        try (CodedBody body = coded(source, spec)) {
            assertEquals(0, body.readNow(ByteBuffer.allocate(100)));
            assertEquals(0, source.waits);
        }
    }

    @ParameterizedTest
    @MethodSource("specs")
    void failureOfTheSourceIsPassedOn(CoderSpec spec) throws Failure {
        try (CodedBody body = coded(new Texts("some", "", "broken"), spec)) {
            assertThrows(Failure.class, () -> readAll(body, 100));
        }
    }

    @Test
    void closeClosesTheSourceOnceAndReleasesTheMemory() throws Failure {
        CoderSpec spec = new CoderSpec(ContentCoding.BROTLI, 11, 22);
        Texts source = new Texts("text");
        long before = CoderMemory.used();
        CodedBody body = coded(source, spec);
        assertEquals(before + spec.memory(), CoderMemory.used());
        body.read(ByteBuffer.allocate(3));
        body.close();
        body.close();
        assertEquals(1, source.closed);
        assertEquals(before, CoderMemory.used());
    }

    @Test
    void withoutMemoryNothingIsCompressed() throws Failure {
        CoderSpec spec = new CoderSpec(ContentCoding.BROTLI, 11, 16);
        Deque<CodedBody> open = new ArrayDeque<>();
        Texts source = new Texts("text");
        try {
            Optional<CodedBody> next = CodedBody.compressed(source, spec);
            while (next.isPresent()) {
                open.add(next.get());
                assertTrue(open.size() < 100, "no limit");
                next = CodedBody.compressed(source, spec);
            }
            assertTrue(open.size() > 3, () -> "only " + open.size());
        } finally {
            open.forEach(CodedBody::close);
        }
    }

    @Test
    void gunzippedBodyIsTheOneThatWasCompressed() throws Failure {
        String text = "some words, repeated. ".repeat(20_000);
        try (CodedBody compressed = coded(new Texts(text), new CoderSpec(ContentCoding.GZIP, 6, 0));
                CodedBody body = CodedBody.gunzipped(compressed, UnaryOperator.identity())) {
            assertEquals(text, readAll(body, 1000));
        }
    }

    @Test
    void gunzippedStreamIsPassedOnAsItComes() throws Failure {
        Texts source = new Texts("first", "", "second");
        try (CodedBody body = CodedBody.gunzipped(coded(source, new CoderSpec(ContentCoding.GZIP, 1, 0)),
                UnaryOperator.identity())) {
            ByteBuffer into = ByteBuffer.allocate(100);
            body.read(into);
            while (into.position() < 5) {
                body.read(into);
            }
            assertEquals(0, source.waits);
            assertEquals("first", ISO_8859_1.decode(into.flip()).toString());
        }
    }

    @Test
    void wholeBytesAreCompressedWithTheirLength() throws Failure, IOException {
        String text = "some words, repeated. ".repeat(100);
        for (CoderSpec spec : specs().toList()) {
            CodedFile file = CodedFile.made(Body.text(text), spec);
            String compressed = ISO_8859_1.decode(((Body.Bytes) file.body()).bytes().duplicate()).toString();
            assertEquals(text, Decoding.decoded(spec.coding(), compressed));
            assertEquals(text.length(), file.before());
            assertEquals(compressed.length(), file.after());
        }
    }
}
