package io.selvage.server.http1;

import io.selvage.server.fuzz.FuzzInput;
import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.Headers;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Chunked bodies. The input is the body as it comes from the connection.
public final class ChunkFuzz {
    private static final FieldRules RULES = FieldRules.ofClient(ClientOptions.DEFAULT);
    private static final List<String> NEVER_TRAILERS = List.of("Content-Length", "Transfer-Encoding", "Host", "Authorization",
            "Cookie", "Set-Cookie", "Content-Type", "X-Forwarded-For");

    /// Which bytes of the input are data, what is known at the end of it, and how many bytes were used.
    private record Read(String data, boolean ended, boolean refused, int used, Headers trailers) {
    }

    private ChunkFuzz() {
    }

    /// Called by the fuzzer.
    public static void fuzzerTestOneInput(byte[] input) {
        Read whole = read(input, input.length);
        assertSame(whole, read(input, 1), "byte by byte");
        for (int cut : FuzzInput.cuts(input)) {
            assertSame(whole, read(input, cut), "in pieces of " + cut);
        }
        assertFalse(whole.ended() && whole.refused());
        if (whole.ended()) {
            assertEquals(decoded(FuzzInput.latin1(input)), whole.data());
            NEVER_TRAILERS.forEach(name -> assertFalse(whole.trailers().contains(name), name));
            HeadPieces.assertWritable(whole.trailers(), RULES.forTrailers());
        }
    }

    /// A refusal may come later where a line is seen at once, but never after more data.
    private static void assertSame(Read whole, Read pieces, String how) {
        assertEquals(whole.refused(), pieces.refused(), how);
        assertEquals(whole.data(), pieces.data(), how);
        if (!whole.refused()) {
            assertEquals(whole, pieces, how);
        }
    }

    /// Reads the input, shown in steps of so many bytes.
    private static Read read(byte[] input, int step) {
        var chunks = new ChunkReader(RULES);
        var data = new StringBuilder();
        int at = 0;
        for (int to = Math.min(step, input.length); ; to = Math.min(to + step, input.length)) {
            at = readUpTo(to, at, input, chunks, data);
            if (to == input.length) {
                return new Read(data.toString(), chunks.ended(), chunks.refusal().isPresent(), at, chunks.trailers());
            }
        }
    }

    private static int readUpTo(int to, int from, byte[] input, ChunkReader chunks, StringBuilder data) {
        int at = from;
        while (true) {
            int used = chunks.read(input, at, to);
            assertTrue(used >= 0 && at + used <= to, () -> "used " + used);
            at += used;
            int count = (int) Math.min(chunks.dataLeft(), to - at);
            if (count == 0) {
                return at;
            }
            for (int i = 0; i < count; i++) {
                data.append((char) (input[at + i] & 0xff));
            }
            chunks.took(count);
            at += count;
        }
    }

    /// The data of a body that is known to be complete, read by the grammar alone (RFC 9112 §7.1).
    private static String decoded(String body) {
        var data = new StringBuilder();
        int at = 0;
        while (true) {
            int eol = body.indexOf("\r\n", at);
            String line = body.substring(at, eol);
            int semicolon = line.indexOf(';');
            int size = Integer.parseUnsignedInt((semicolon < 0 ? line : line.substring(0, semicolon)).trim(), 16);
            at = eol + 2;
            if (size == 0) {
                return data.toString();
            }
            data.append(body, at, at + size);
            at += size;
            assertTrue(body.startsWith("\r\n", at), "no line break behind a chunk");
            at += 2;
        }
    }
}
