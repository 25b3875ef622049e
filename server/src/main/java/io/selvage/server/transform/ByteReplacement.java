package io.selvage.server.transform;

import java.nio.ByteBuffer;
import java.util.Map;

/// Replaces each byte by another one.
record ByteReplacement(byte[] table) implements BodyTransform {
    /// Bytes below this one stand for themselves unless a table says otherwise.
    static final int ASCII = 128;

    /// A table of 256 bytes.
    static byte[] table(Map<Integer, Integer> characters) {
        byte[] table = new byte[256];
        for (int from = 0; from < table.length; from++) {
            table[from] = (byte) (int) characters.getOrDefault(from, from < ASCII ? from : '?');
        }
        return table;
    }

    @Override
    public int lookahead() {
        return 0;
    }

    @Override
    public boolean keepsLength() {
        return true;
    }

    @Override
    public Step step(ByteBuffer in, ByteBuffer out, boolean last) {
        for (int left = Math.min(in.remaining(), out.remaining()); left > 0; left--) {
            out.put(table[in.get() & 0xff]);
        }
        return in.hasRemaining() ? Step.NEEDS_ROOM : Step.NEEDS_INPUT;
    }
}
