package io.selvage.server.http2;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Header blocks of one connection. The input is blocks, each after one byte that says how long it is.
public final class HpackFuzz {
    private static final int LIST_SIZE = 4096;
    private static final int WIDE = 1 << 20;

    private HpackFuzz() {
    }

    /// Called by the fuzzer.
    public static void fuzzerTestOneInput(byte[] input) {
        var wide = new HpackDecoder(4096, WIDE);
        var tight = new HpackDecoder(4096, LIST_SIZE);
        var again = new HpackDecoder(4096, WIDE);
        var encoder = new HpackEncoder(4096);
        try {
            for (int at = 0; at < input.length;) {
                int end = Math.min(input.length, at + 1 + (input[at] & 0xff));
                check(Arrays.copyOfRange(input, at + 1, end), List.of(wide, tight, again), encoder);
                at = end;
            }
        } catch (Http2Error e) {
            assertEquals(ErrorCode.COMPRESSION_ERROR, e.code());
            assertTrue(e.isOfConnection());
        }
    }

    private static void check(byte[] block, List<HpackDecoder> decoders, HpackEncoder encoder) throws Http2Error {
        List<String> fields = new ArrayList<>();
        decoders.get(0).decode(ByteBuffer.wrap(block), (name, value, _) -> {
            fields.add(name);
            fields.add(value);
        });
        assertTrue(fields.size() <= 2 * block.length);
        checkBound(fields, block, decoders.get(1));
        List<String> written = new ArrayList<>();
        decoders.get(2).decode(Blocks.encode(encoder, fields.toArray(String[]::new)), (name, value, _) -> {
            written.add(name);
            written.add(value);
        });
        List<String> lower = new ArrayList<>(fields);
        for (int i = 0; i < lower.size(); i += 2) {
            lower.set(i, asciiLower(lower.get(i)));
        }
        assertEquals(lower, written);
    }

    /// A decoder with a bound passes on the fields within it, and stays in step with one that has none.
    private static void checkBound(List<String> fields, byte[] block, HpackDecoder bounded) throws Http2Error {
        int[] size = {0};
        boolean[] complete = {false};
        complete[0] = bounded.decode(ByteBuffer.wrap(block), (name, value, _) -> {
            assertEquals(fields.get(size[0]), name);
            assertEquals(fields.get(size[0] + 1), value);
            size[0] += 2;
        });
        assertEquals(complete[0], size[0] == fields.size());
    }

    private static String asciiLower(String name) {
        StringBuilder lower = new StringBuilder(name);
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            lower.setCharAt(i, c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c);
        }
        return lower.toString();
    }
}
