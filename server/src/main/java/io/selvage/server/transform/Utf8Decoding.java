package io.selvage.server.transform;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/// Replaces each UTF-8 sequence by the byte of its character. A character without one becomes a numeric reference of HTML, such
/// as `&#9731;`; a byte that belongs to no sequence becomes a question mark.
///
/// @param bytes by the code point; below 0 for none
record Utf8Decoding(short[] bytes) implements BodyTransform {
    private static final int LONGEST = 4;
    private static final int INCOMPLETE = -2;
    private static final int INVALID = -1;
    /// The most bytes that a character becomes: `&#1114111;`
    private static final int MOST_ROOM = 10;
    /// The smallest code point of a sequence, by its length.
    private static final int[] LEAST = {0, 0, 0x80, 0x800, 0x10000};

    /// @param codePoints by the byte
    static short[] bytes(Map<Integer, Integer> codePoints) {
        short[] bytes = new short[0x10000];
        Arrays.fill(bytes, (short) -1);
        codePoints.forEach((from, codePoint) -> bytes[codePoint] = (short) (int) from);
        return bytes;
    }

    @Override
    public int lookahead() {
        return LONGEST - 1;
    }

    @Override
    public Step step(ByteBuffer in, ByteBuffer out, boolean last) {
        while (in.hasRemaining()) {
            if (out.remaining() < MOST_ROOM) {
                return Step.NEEDS_ROOM;
            }
            byte first = in.get(in.position());
            if (first >= 0) {
                out.put(first);
                in.position(in.position() + 1);
                continue;
            }
            int length = length(first);
            int codePoint = codePoint(in, length);
            if (codePoint == INCOMPLETE && !last) {
                return Step.NEEDS_INPUT;
            }
            if (codePoint < 0) {
                out.put((byte) '?');
                in.position(in.position() + 1);
            } else {
                put(codePoint, out);
                in.position(in.position() + length);
            }
        }
        return Step.NEEDS_INPUT;
    }

    /// The length of a sequence by its first byte; 0 if no sequence begins with it.
    private static int length(byte first) {
        int ones = Integer.numberOfLeadingZeros(~first << 24);
        return ones >= 2 && ones <= LONGEST ? ones : 0;
    }

    /// The character at the position of the buffer (RFC 3629 §4), or [#INVALID], or [#INCOMPLETE].
    private static int codePoint(ByteBuffer in, int length) {
        if (length == 0) {
            return INVALID;
        }
        int at = in.position();
        int codePoint = in.get(at) & 0x7f >> length;
        for (int i = 1; i < length; i++) {
            if (at + i == in.limit()) {
                return INCOMPLETE;
            }
            int next = in.get(at + i);
            if ((next & 0xc0) != 0x80) {
                return INVALID;
            }
            codePoint = codePoint << 6 | next & 0x3f;
        }
        boolean valid = codePoint >= LEAST[length] && codePoint <= Character.MAX_CODE_POINT
                && (codePoint < Character.MIN_SURROGATE || codePoint > Character.MAX_SURROGATE);
        return valid ? codePoint : INVALID;
    }

    private void put(int codePoint, ByteBuffer out) {
        if (codePoint < bytes.length && bytes[codePoint] >= 0) {
            out.put((byte) bytes[codePoint]);
        } else {
            out.put(("&#" + codePoint + ";").getBytes(StandardCharsets.US_ASCII));
        }
    }
}
