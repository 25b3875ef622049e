package io.selvage.server.route;

import java.nio.charset.StandardCharsets;
import java.util.List;

/// Splits texts into parts of given sizes by their hash, so that a text is always in the same part (`split_clients`). The hash
/// and the bounds are those of nginx: a text is in the same part there.
///
/// @param parts in their order
public record ClientSplit(List<Part> parts) {
    /// Percentages are counted in hundredths.
    public static final int WHOLE = 10_000;
    private static final int MULTIPLIER = 0x5bd1e995;

    /// @param hundredths of a percent, 1 to 10000; 0 for the rest
    public record Part(int hundredths, String value) {
    }

    public ClientSplit {
        parts = List.copyOf(parts);
    }

    /// The value of the part that a text belongs to; empty if it is in none.
    public String find(String text) {
        long hash = Integer.toUnsignedLong(hash(text.getBytes(StandardCharsets.ISO_8859_1)));
        long bound = 0;
        for (Part part : parts) {
            bound += part.hundredths * 0xffff_ffffL / WHOLE;
            if (part.hundredths == 0 || hash < bound) {
                return part.value;
            }
        }
        return "";
    }

    /// MurmurHash2, 32 bits, with the seed 0.
    static int hash(byte[] data) {
        int hash = data.length;
        int at = 0;
        for (; data.length - at >= 4; at += 4) {
            int bytes = data[at] & 0xff | (data[at + 1] & 0xff) << 8 | (data[at + 2] & 0xff) << 16 | data[at + 3] << 24;
            int block = bytes * MULTIPLIER;
            hash = hash * MULTIPLIER ^ (block ^ block >>> 24) * MULTIPLIER;
        }
        if (at < data.length) {
            for (int i = data.length - 1; i >= at; i--) {
                hash ^= (data[i] & 0xff) << 8 * (i - at);
            }
            hash *= MULTIPLIER;
        }
        hash = (hash ^ hash >>> 13) * MULTIPLIER;
        return hash ^ hash >>> 15;
    }
}
