package io.selvage.server.transform;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// Replaces each byte by the UTF-8 sequence of its character.
///
/// @param sequences 256 of them
record Utf8Encoding(byte[][] sequences) implements BodyTransform {

    /// @param codePoints by the byte
    static byte[][] sequences(Map<Integer, Integer> codePoints) {
        byte[][] sequences = new byte[256][];
        for (int from = 0; from < sequences.length; from++) {
            int codePoint = codePoints.getOrDefault(from, from < ByteReplacement.ASCII ? from : '?');
            sequences[from] = Character.toString(codePoint).getBytes(StandardCharsets.UTF_8);
        }
        return sequences;
    }

    @Override
    public int lookahead() {
        return 0;
    }

    @Override
    public Step step(ByteBuffer in, ByteBuffer out, boolean last) {
        while (in.hasRemaining()) {
            byte[] sequence = sequences[in.get(in.position()) & 0xff];
            if (out.remaining() < sequence.length) {
                return Step.NEEDS_ROOM;
            }
            out.put(sequence);
            in.position(in.position() + 1);
        }
        return Step.NEEDS_INPUT;
    }
}
