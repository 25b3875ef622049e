package io.selvage.server.http2;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// The Huffman code of HPACK (RFC 7541 §5.2, Appendix B). It is canonical: the lengths of its codes define it.
///
/// Decoding takes four bits at a time: an automaton whose states are the inner nodes of the code's tree. No code is shorter than
/// five bits, so four bits complete at most one symbol.
final class HuffmanCode {
    private static final int EOS = 256;
    private static final int LONGEST = 30;
    /// Bits that may stand behind the last code. RFC 7541 §5.2 allows 7; encoders that always add some end a full byte with 8.
    private static final int LONGEST_PADDING = 8;
    private static final int EMITS = 1 << 16;
    private static final int FAILS = 1 << 17;

    /// Bits of the code of each byte value, and of the end of a string.
    private static final byte[] LENGTHS = {
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28,
        28, 28, 28, 28, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 28,
        6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
        5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10,
        13, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
        7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5,
        6, 7, 6, 5, 5, 6, 7, 7, 7, 7, 7, 15, 11, 14, 13, 28,
        20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
        24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24,
        22, 21, 20, 22, 22, 23, 23, 21, 23, 22, 22, 24, 21, 22, 23, 23,
        21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
        26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25,
        19, 21, 26, 27, 27, 26, 27, 24, 21, 21, 26, 26, 28, 27, 27, 27,
        20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
        26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26,
        30};

    private static final int[] CODES = new int[EOS + 1];
    private static final int[] NEXT = new int[EOS << 4];         // by state and four bits: state, symbol, EMITS, FAILS
    private static final byte[] PADDING = new byte[EOS];         // bits of padding that lead to this state

    static {
        assignCodes();
        new Tree().fill();
    }

    private HuffmanCode() {
    }

    /// The most bytes that so many encoded bytes become.
    static int decodedBound(int encoded) {
        return (int) Math.min(Integer.MAX_VALUE, 8L * encoded / 5 + 1);
    }

    /// Decodes a whole string.
    ///
    /// @param out has room for [#decodedBound]
    /// @return the number of bytes put into `out`, or -1 for bytes that are not this code: a wrong padding, or the code of the
    ///     end
    static int decode(byte[] in, int from, int to, byte[] out) {
        int state = 0;
        int at = 0;
        int failed = 0;
        for (int i = from; i < to; i++) {
            int octet = in[i];
            int high = NEXT[state << 4 | octet >> 4 & 15];
            out[at] = (byte) (high >> 8);
            at += high >> 16 & 1;
            int low = NEXT[(high & 0xff) << 4 | octet & 15];
            out[at] = (byte) (low >> 8);
            at += low >> 16 & 1;
            state = low & 0xff;
            failed |= high | low;
        }
        return (failed & FAILS) == 0 && PADDING[state] <= LONGEST_PADDING ? at : -1;
    }

    /// The bytes that a string takes when it is encoded.
    ///
    /// @param lower true to encode its ASCII letters as small ones
    static int encodedLength(String text, boolean lower) {
        long bits = 0;
        for (int i = 0; i < text.length(); i++) {
            bits += LENGTHS[symbol(text, i, lower)];
        }
        return (int) Math.min(Integer.MAX_VALUE, (bits + 7) / 8);
    }

    /// Encodes a string.
    ///
    /// @param out has room for [#encodedLength]
    static void encode(String text, boolean lower, ByteBuffer out) {
        long bits = 0;
        int count = 0;                                           // of bits that are not yet written, at most 7 + 30
        for (int i = 0; i < text.length(); i++) {
            int symbol = symbol(text, i, lower);
            bits = bits << LENGTHS[symbol] | CODES[symbol];
            count += LENGTHS[symbol];
            while (count >= 8) {
                count -= 8;
                out.put((byte) (bits >> count));
            }
        }
        if (count > 0) {
            out.put((byte) (bits << 8 - count | 0xff >> count));
        }
    }

    private static int symbol(String text, int index, boolean lower) {
        int c = text.charAt(index) & 0xff;
        return lower && c >= 'A' && c <= 'Z' ? c | 0x20 : c;
    }

    private static void assignCodes() {
        int code = 0;
        for (int length = 1; length <= LONGEST; length++) {
            code <<= 1;
            for (int symbol = 0; symbol <= EOS; symbol++) {
                if (LENGTHS[symbol] == length) {
                    CODES[symbol] = code++;
                }
            }
        }
    }

    /// The tree of the code: 256 inner nodes, the root first.
    private static final class Tree {
        private final int[] children = new int[2 * EOS];         // a node, or the complement of a symbol
        private int size = 1;

        void fill() {
            for (int symbol = 0; symbol <= EOS; symbol++) {
                add(symbol);
            }
            for (int state = 0; state < EOS; state++) {
                for (int bits = 0; bits < 16; bits++) {
                    NEXT[state << 4 | bits] = next(state, bits);
                }
            }
            Arrays.fill(PADDING, Byte.MAX_VALUE);
            int node = 0;
            for (byte bits = 0; bits <= LONGEST_PADDING; bits++) {
                PADDING[node] = bits;                            // padding is the start of the code of the end: all ones
                node = children[2 * node + 1];
            }
        }

        private void add(int symbol) {
            int node = 0;
            for (int bit = LENGTHS[symbol] - 1; bit > 0; bit--) {
                int child = 2 * node + (CODES[symbol] >> bit & 1);
                if (children[child] == 0) {
                    children[child] = size++;
                }
                node = children[child];
            }
            children[2 * node + (CODES[symbol] & 1)] = ~symbol;
        }

        private int next(int state, int bits) {
            int node = state;
            int emitted = 0;
            for (int bit = 3; bit >= 0; bit--) {
                node = children[2 * node + (bits >> bit & 1)];
                if (node < 0) {
                    emitted = ~node == EOS ? FAILS : EMITS | ~node << 8;
                    node = 0;
                }
            }
            return node | emitted;
        }
    }
}
