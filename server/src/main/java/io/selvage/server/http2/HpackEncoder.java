package io.selvage.server.http2;

import io.selvage.server.http.FieldNameSet;
import io.selvage.server.http.Headers;
import java.nio.ByteBuffer;

/// Encodes header blocks (RFC 7541). Has the state of one direction of one connection: a block that was encoded has to be sent,
/// in order. Used by one thread at a time.
///
/// Names are written in small letters, whatever their spelling. Fields whose values change with each message are not added to the
/// table. `Authorization`, `Proxy-Authorization` and short cookies are never indexed, here and by intermediaries (RFC 7541
/// §7.1.3).
public final class HpackEncoder {
    /// The most bytes that an integer of 31 bits takes.
    private static final int INTEGER = 6;
    /// Cookies that are shorter could be guessed byte by byte.
    private static final int GUESSABLE_COOKIE = 20;
    private static final int INDEXED = 0x80;
    private static final int ADDED = 0x40;
    private static final int SIZE_UPDATE = 0x20;
    private static final int NEVER_INDEXED = 0x10;
    private static final int NOT_ADDED = 0;
    private static final int HUFFMAN = 0x80;

    private static final FieldNameSet SECRET = FieldNameSet.of("authorization", "proxy-authorization");
    private static final FieldNameSet CHANGING = FieldNameSet.of(":path", "age", "content-length", "content-range", "etag",
            "if-match", "if-modified-since", "if-none-match", "if-range", "if-unmodified-since", "last-modified", "location",
            "range", "set-cookie", "x-request-id", "traceparent");

    private final int ownBound;
    private final DynamicTable table;
    private int smallestSize;                      // since the last block: what the peer must hear of first (RFC 7541 §4.2)
    private boolean resized;

    /// @param ownBound the most bytes of the dynamic table, whatever the peer allows
    public HpackEncoder(int ownBound) {
        this.ownBound = ownBound;
        int size = Math.min(ownBound, HpackDecoder.DEFAULT_TABLE_SIZE);
        this.table = new DynamicTable(size);
        this.smallestSize = size;
        this.resized = size < HpackDecoder.DEFAULT_TABLE_SIZE;
    }

    /// Applies the peer's SETTINGS_HEADER_TABLE_SIZE. The next block tells the peer of it.
    ///
    /// @param bytes from 0 up
    public void maxTableSize(long bytes) {
        int size = (int) Math.min(bytes, ownBound);
        if (size == table.capacity()) {
            return;
        }
        smallestSize = resized ? Math.min(smallestSize, size) : size;
        resized = true;
        table.resize(size);
    }

    /// The most bytes that [#begin] writes.
    public static int beginBound() {
        return 2 * INTEGER;
    }

    /// The most bytes that a field takes in a block.
    public static int bound(String name, String value) {
        return 3 * INTEGER + name.length() + value.length();
    }

    /// The most bytes that fields take in a block.
    public static int bound(Headers fields) {
        int bound = 0;
        for (int i = 0; i < fields.size(); i++) {
            bound += bound(fields.name(i), fields.value(i));
        }
        return bound;
    }

    /// Starts a header block: writes updates of the table's size that are due.
    ///
    /// @param out has room for [#beginBound]
    public void begin(ByteBuffer out) {
        if (resized) {
            if (smallestSize < table.capacity()) {
                integer(SIZE_UPDATE, 5, smallestSize, out);
            }
            integer(SIZE_UPDATE, 5, table.capacity(), out);
            resized = false;
        }
    }

    /// Writes one field.
    ///
    /// @param name in any spelling; each `char` is one byte
    /// @param out has room for [#bound(String, String)]
    public void field(String name, String value, ByteBuffer out) {
        int nameIndex = StaticTable.indexOf(name);
        int index = nameIndex == 0 ? 0 : StaticTable.indexOf(nameIndex, value);
        if (index > 0) {
            integer(INDEXED, 7, index, out);
            return;
        }
        if (isSecret(name, value)) {
            literal(NEVER_INDEXED, 4, nameIndex, name, value, out);
        } else if (CHANGING.contains(name) || DynamicTable.size(name, value) > table.capacity() / 2) {
            literal(NOT_ADDED, 4, nameIndex, name, value, out);
        } else {
            indexed(nameIndex, name, value, out);
        }
    }

    private void indexed(int staticName, String name, String value, ByteBuffer out) {
        int hash = name.length() + value.hashCode();
        int nameIndex = staticName;
        for (int i = 0; i < table.count(); i++) {
            boolean isName = table.tag(i) == hash || nameIndex == 0 ? Headers.same(table.name(i), name) : false;
            if (isName && table.tag(i) == hash && table.value(i).equals(value)) {
                integer(INDEXED, 7, StaticTable.SIZE + 1 + i, out);
                return;
            }
            if (isName && nameIndex == 0) {
                nameIndex = StaticTable.SIZE + 1 + i;
            }
        }
        literal(ADDED, 6, nameIndex, name, value, out);
        table.add(name, value, hash);
    }

    private static boolean isSecret(String name, String value) {
        return SECRET.contains(name) || value.length() < GUESSABLE_COOKIE && Headers.same(name, "cookie");
    }

    private static void literal(int kind, int prefixBits, int nameIndex, String name, String value, ByteBuffer out) {
        integer(kind, prefixBits, nameIndex, out);
        if (nameIndex == 0) {
            string(name, true, out);
        }
        string(value, false, out);
    }

    private static void string(String text, boolean lower, ByteBuffer out) {
        int encoded = HuffmanCode.encodedLength(text, lower);
        if (encoded < text.length()) {
            integer(HUFFMAN, 7, encoded, out);
            HuffmanCode.encode(text, lower, out);
            return;
        }
        integer(0, 7, text.length(), out);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            out.put((byte) (lower && c >= 'A' && c <= 'Z' ? c | 0x20 : c));
        }
    }

    private static void integer(int kind, int prefixBits, int value, ByteBuffer out) {
        int mask = (1 << prefixBits) - 1;
        if (value < mask) {
            out.put((byte) (kind | value));
            return;
        }
        out.put((byte) (kind | mask));
        int rest = value - mask;
        while (rest >= 0x80) {
            out.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }
}
