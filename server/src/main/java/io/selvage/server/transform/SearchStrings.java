package io.selvage.server.transform;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Strings that are searched for in bytes, without regard to ASCII case. Immutable.
final class SearchStrings {
    /// Where no string is.
    static final int NONE = -1;
    /// The bytes may be the beginning of a string; what follows them decides.
    static final int UNDECIDED = -2;

    private final List<byte[]> strings;                    // in lower case
    private final int[][] byFirst = new int[256][];        // those that begin with a byte, in either case, by their index
    private final int longest;

    /// @param texts one `char` for each byte; an empty one is never found
    SearchStrings(List<String> texts) {
        strings = texts.stream().map(SearchStrings::lower).toList();
        for (int first = 0; first < byFirst.length; first++) {
            byte lower = lower((byte) first);
            List<Integer> indexes = new ArrayList<>();
            for (int i = 0; i < strings.size(); i++) {
                if (strings.get(i).length > 0 && strings.get(i)[0] == lower) {
                    indexes.add(i);
                }
            }
            byFirst[first] = indexes.stream().mapToInt(Integer::intValue).toArray();
        }
        longest = strings.stream().mapToInt(string -> string.length).max().orElse(0);
    }

    private static byte[] lower(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = lower(bytes[i]);
        }
        return bytes;
    }

    private static byte lower(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b + 'a' - 'A') : b;
    }

    int count() {
        return strings.size();
    }

    int longest() {
        return longest;
    }

    int length(int index) {
        return strings.get(index).length;
    }

    /// The first string, in their order, that is at a place; or [#NONE], or [#UNDECIDED].
    ///
    /// @param end behind the last byte that is known
    /// @param last true if no bytes follow
    /// @param without strings that are not looked for
    int at(byte[] bytes, int from, int end, boolean last, boolean[] without) {
        for (int candidate : byFirst[bytes[from] & 0xff]) {
            if (without[candidate]) {
                continue;
            }
            byte[] string = strings.get(candidate);
            int known = Math.min(string.length, end - from);
            int same = 1;
            while (same < known && lower(bytes[from + same]) == string[same]) {
                same++;
            }
            if (same == string.length) {
                return candidate;
            }
            if (same == known && !last) {
                return UNDECIDED;
            }
        }
        return NONE;
    }

    /// Whether a string may begin with this byte.
    boolean mayBegin(byte b) {
        return byFirst[b & 0xff].length > 0;
    }
}
