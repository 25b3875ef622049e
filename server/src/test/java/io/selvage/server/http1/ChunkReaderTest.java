package io.selvage.server.http1;

import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.selvage.server.http1.Feeding.bytes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ChunkReaderTest {
    private static final String PLAIN =
            "5\r\nhello\r\n1;a\r\n \r\n00A;b=c;d=\"e;f\"\r\n0123456789\r\n0\r\nX-Sum: 1\r\nY: \r\n\r\n";
    private static final String DATA = "hello 0123456789";

    /// The result: the data, then the state and the number of bytes used.
    private record Read(String data, String how, int used, Headers trailers) {
    }

    @Test
    void readsDataAndTrailers() {
        assertEquals(new Read(DATA, "ended", PLAIN.length(), Headers.of("X-Sum", "1", "Y", "")), read(bytes(PLAIN + "GET /")));
    }

    @Test
    void resultDoesNotDependOnTheSplit() {
        Read whole = read(bytes(PLAIN));
        for (int cut = 0; cut <= PLAIN.length(); cut++) {
            assertEquals(whole, read(Feeding.cutAt(bytes(PLAIN), cut)), "cut at " + cut);
        }
        assertEquals(whole, read(Feeding.singly(bytes(PLAIN))));
    }

    @Test
    void needsMoreUntilTheEnd() {
        for (int cut = 0; cut < PLAIN.length(); cut++) {
            assertEquals("open", read(bytes(PLAIN.substring(0, cut))).how(), "cut at " + cut);
        }
    }

    @RepeatedTest(2_000)
    void randomBytesCauseNoException(RepetitionInfo run) {
        byte[] bytes = Feeding.mutate(bytes(PLAIN), new SplittableRandom(run.getCurrentRepetition()));

        Read whole = read(bytes);

        assertTrue(whole.used() <= bytes.length);
        assertEquals(whole.how(), read(Feeding.singly(bytes)).how());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r\n", "+5\r\n", " 5\r\n", "5 \r\n", "0x5\r\n", "-1\r\n", "5_0\r\n", "g\r\n", "5,\r\n",
        "00000000000000005\r\n",
        "100000004\r\n", "FFFFFFFFFFFFFFFF\r\n", "8000000000000000\r\n", ";a\r\n", "\u00b2\r\n", "5\t\r\n", "5\0\r\n"})
    void refusesAnInvalidSize(String line) {
        assertRefused(line);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5\nhello\r\n", "5\rhello\r\n", "5\r\rhello", "5\r\nhello\n0\r\n\r\n", "5\r\nhello\r0",
        "5\r\nhelloXY0\r\n\r\n",
        "5\r\nhello0\r\n\r\n", "5;a\nhello\r\n", "5;a\rhello", "0\n\n", "0\r\n\n", "0\r\n\rX", "0\r\nX: y\n\r\n", "\n5\r\n",
        "\r\n5\r\n"})
    void refusesAnyOtherEndOfLine(String body) {
        assertRefused(body);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5;a=\"\r\nb\"\r\n", "5;a=\"\n\"\r\n", "5;a=\"\\\r\"\r\n", "5;a\0\r\n", "5;a\u007f\r\n"})
    void refusesControlsInAnExtensionEvenInQuotes(String line) {
        // A line break ends the line inside quotes too, and the rest is not a chunk of that length.
        Read read = read(bytes(line + "0\r\n\r\n"));

        assertEquals("refused", read.how());
    }

    @ParameterizedTest
    @ValueSource(strings = {"5;a", "5;a;b", "5;a=b", "5;a=\"\"", "5;a=\"b;c=\\\"[\u00e9\";d=e", "5 ;\ta = b\t; c\t=\"d\" ;e",
        "5;!#$%&'*+-.^_`|~=1"})
    void skipsValidExtensions(String line) {
        assertEquals("ended", read(bytes(line + "\r\nhello\r\n0\r\n\r\n")).how());
    }

    @ParameterizedTest
    @ValueSource(strings = {"5;", "5; ", "5;;a", "5;=a", "5;a=", "5;a;", "5;bad[", "5;a b", "5;a=b c", "5;a=\"b", "5;a=\"b\"c",
        "5;a=\"b\\", "5;a ", "5;a=b ", "5;a=\"b\" ", "5;\u00e9", "5;a=\u00e9", "5;a==b", "5;a,b", "5;a=\"\\\u0001\""})
    void refusesMalformedExtensions(String line) {
        assertRefused(line + "\r\nhello\r\n0\r\n\r\n");
    }

    @Test
    void limitsAnExtension() {
        assertEquals("ended", read(bytes("1;" + "a".repeat(4000) + "\r\nx\r\n0\r\n\r\n")).how());
        assertRefused("1;" + "a".repeat(4097));
        assertRefused("1;" + "a".repeat(64 * 1024));
    }

    @Test
    void limitsAllExtensionsTogether() {
        String chunk = "1;" + "a".repeat(4000) + "\r\nx\r\n";

        assertEquals("ended", read(bytes(chunk.repeat(4) + "0\r\n\r\n")).how());
        assertRefused(chunk.repeat(5));
        String fair = "ff;abc\r\n" + "x".repeat(255) + "\r\n";
        assertEquals("ended", read(bytes(fair.repeat(10_000) + "0\r\n\r\n")).how());
    }

    @Test
    void limitsFramingForEachByteOfData() {
        assertEquals("ended", read(bytes("1\r\nx\r\n".repeat(20_000) + "0\r\n\r\n")).how());
        String padded = "0000000000000001\r\nx\r\n";
        assertEquals("ended", read(bytes(padded.repeat(1000) + "0\r\n\r\n")).how());
        assertEquals("refused", read(bytes(padded.repeat(2000))).how());
    }

    @Test
    void countsTheBytesThatAreNotData() {
        ChunkReader chunks = new ChunkReader(FieldRules.ofClient(ClientOptions.DEFAULT));
        byte[] window = bytes("2;a\r\nxy\r\n0\r\nX: 1\r\n\r\nGET");
        int data = chunks.read(window, 0, window.length);
        chunks.took(2);
        int rest = chunks.read(window, data + 2, window.length);
        assertEquals(5, data);
        assertEquals("\r\n0\r\nX: 1\r\n\r\n".length(), rest);
        assertEquals(data + rest, chunks.used());
    }

    @Test
    void limitsTrailers() {
        assertRefused("0\r\n" + "a: b\r\n".repeat(1001));
        assertRefused("0\r\na: " + "b".repeat(9000));
        assertRefused("0\r\n" + ("a: " + "b".repeat(4000) + "\r\n").repeat(9));
    }

    @Test
    void dropsForbiddenTrailers() {
        Read read = read(bytes("0\r\nContent-Length: 5\r\nhost: x\r\nTransfer-Encoding: chunked\r\nAuthorization: y\r\n"
                + "X-Forwarded-For: z\r\nServer-Timing: a\r\n\r\n"));

        assertEquals(Headers.of("Server-Timing", "a"), read.trailers());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0\r\n a: b\r\n\r\n", "0\r\na : b\r\n\r\n", "0\r\na\r\n\r\n", "0\r\n: b\r\n\r\n",
        "0\r\na: \0\r\n\r\n"})
    void refusesMalformedTrailers(String body) {
        assertRefused(body);
    }

    private static void assertRefused(String body) {
        assertEquals("refused", read(bytes(body)).how());
        assertEquals("refused", read(Feeding.singly(bytes(body))).how());
    }

    private static Read read(byte[]... pieces) {
        ChunkReader chunks = new ChunkReader(FieldRules.ofClient(ClientOptions.DEFAULT));
        StringBuilder data = new StringBuilder();
        byte[] window = {};
        int total = 0;
        for (byte[] piece : pieces) {
            byte[] both = new byte[window.length + piece.length];
            System.arraycopy(window, 0, both, 0, window.length);
            System.arraycopy(piece, 0, both, window.length, piece.length);
            int at = 0;
            int before = -1;
            while (at != before) {
                before = at;
                at += chunks.read(both, at, both.length);
                int count = (int) Math.min(chunks.dataLeft(), both.length - at);
                if (count > 0) {
                    data.append(new String(both, at, count, StandardCharsets.ISO_8859_1));
                    chunks.took(count);
                    at += count;
                }
            }
            total += at;
            window = Arrays.copyOfRange(both, at, both.length);
        }
        String how = chunks.refusal().map(Refusal::status).isPresent() ? "refused" : chunks.ended() ? "ended" : "open";
        return new Read(data.toString(), how, total, chunks.trailers());
    }
}
