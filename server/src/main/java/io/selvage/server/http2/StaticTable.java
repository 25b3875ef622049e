package io.selvage.server.http2;

import io.selvage.server.http.FieldNameSet;
import java.util.Arrays;
import java.util.List;

/// The static table of HPACK (RFC 7541 Appendix A). Indexes start at 1.
final class StaticTable {
    static final int SIZE = 61;

    private static final String[] FIELDS = {
        ":authority", "", ":method", "GET", ":method", "POST", ":path", "/", ":path", "/index.html", ":scheme", "http",
        ":scheme", "https", ":status", "200", ":status", "204", ":status", "206", ":status", "304", ":status", "400",
        ":status", "404", ":status", "500", "accept-charset", "", "accept-encoding", "gzip, deflate", "accept-language", "",
        "accept-ranges", "", "accept", "", "access-control-allow-origin", "", "age", "", "allow", "", "authorization", "",
        "cache-control", "", "content-disposition", "", "content-encoding", "", "content-language", "", "content-length", "",
        "content-location", "", "content-range", "", "content-type", "", "cookie", "", "date", "", "etag", "", "expect", "",
        "expires", "", "from", "", "host", "", "if-match", "", "if-modified-since", "", "if-none-match", "", "if-range", "",
        "if-unmodified-since", "", "last-modified", "", "link", "", "location", "", "max-forwards", "",
        "proxy-authenticate", "", "proxy-authorization", "", "range", "", "referer", "", "refresh", "", "retry-after", "",
        "server", "", "set-cookie", "", "strict-transport-security", "", "transfer-encoding", "", "user-agent", "",
        "vary", "", "via", "", "www-authenticate", ""};
    private static final FieldNameSet NAMES = FieldNameSet.of(names());
    private static final int[] FIRST = new int[NAMES.indexes()];
    private static final byte[] TRAITS = new byte[SIZE + 1];

    static {
        for (int index = SIZE; index > 0; index--) {
            FIRST[NAMES.indexOf(name(index))] = index;
            TRAITS[index] = (byte) FieldTraits.ofName(name(index));
        }
    }

    private StaticTable() {
    }

    static String name(int index) {
        return FIELDS[2 * index - 2];
    }

    static String value(int index) {
        return FIELDS[2 * index - 1];
    }

    /// What kinds of characters the name has, as [FieldTraits] says. All values are valid.
    static int traits(int index) {
        return TRAITS[index];
    }

    /// The first index of a name in any spelling, 0 for a name that is not here.
    static int indexOf(String name) {
        int slot = NAMES.indexOf(name);
        return slot < 0 ? 0 : FIRST[slot];
    }

    /// The index of a field, from the first one of its name on; 0 if its value is not here.
    static int indexOf(int first, String value) {
        String name = name(first);
        for (int index = first; index <= SIZE && name(index).equals(name); index++) {
            if (value(index).equals(value)) {
                return index;
            }
        }
        return 0;
    }

    private static List<String> names() {
        String[] names = new String[SIZE];
        Arrays.setAll(names, i -> FIELDS[2 * i]);
        return Arrays.stream(names).distinct().toList();
    }
}
