package io.selvage.server.http2;

import io.selvage.server.http1.FieldNames;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Decodes header blocks (RFC 7541). Has the state of one direction of one connection, so every block of the connection has to
/// pass through it, in order. Used by one thread at a time.
///
/// Bounds: the dynamic table, and the fields of one block. The work is proportional to the bytes of the block, plus the bytes of
/// the fields within the bound: references to large entries cost nothing once the bound is passed.
public final class HpackDecoder {
    /// The size of the dynamic table that applies without SETTINGS_HEADER_TABLE_SIZE.
    public static final int DEFAULT_TABLE_SIZE = 4096;

    private static final int SCRATCH = 512;                  // longer strings get an array of their own
    private static final int LONGEST_SHIFT = 28;             // of an integer below 2^31

    private final int maxTableSize;
    private final int maxListSize;
    private final DynamicTable table;
    private final byte[] scratch = new byte[SCRATCH];
    private byte[] block = scratch;                          // while one is decoded
    private int at;
    private int end;
    private String text = "";                                // the string read last, and
    private int textTraits;                                  // its traits

    /// @param maxTableSize bytes of the dynamic table, as announced by SETTINGS_HEADER_TABLE_SIZE; at least
    ///     [#DEFAULT_TABLE_SIZE] unless the announcement precedes every block
    /// @param maxListSize the most bytes of the fields of one block, each counted with 32 more (RFC 9113 §6.5.2)
    public HpackDecoder(int maxTableSize, int maxListSize) {
        this.maxTableSize = maxTableSize;
        this.maxListSize = maxListSize;
        this.table = new DynamicTable(Math.min(maxTableSize, DEFAULT_TABLE_SIZE));
    }

    /// Decodes one complete header block and consumes the buffer.
    ///
    /// @return false if the fields are larger than the bound; the sink got those before it was passed, and the block was decoded
    ///     to its end, so that the connection can continue
    /// @throws Http2Error of the connection, COMPRESSION_ERROR
    public boolean decode(ByteBuffer bytes, FieldSink sink) throws Http2Error {
        open(bytes);
        try {
            sizeUpdates();
            long size = 0;
            while (at < end) {
                size = field(sink, size);
            }
            return size <= maxListSize;
        } finally {
            block = scratch;
        }
    }

    private void open(ByteBuffer bytes) {
        int length = bytes.remaining();
        if (bytes.hasArray()) {
            block = bytes.array();
            at = bytes.arrayOffset() + bytes.position();
            bytes.position(bytes.limit());
        } else {
            block = new byte[length];
            at = 0;
            bytes.get(block);
        }
        end = at + length;
    }

    /// Updates of the table's size stand at the start of a block only (RFC 7541 §4.2), and there are at most two of use.
    private void sizeUpdates() throws Http2Error {
        for (int updates = 0; at < end && (block[at] & 0xe0) == 0x20; updates++) {
            int size = integer(5);
            if (size > maxTableSize || updates == 2) {
                throw wrong(updates == 2 ? "too many updates of the table's size" : "a table larger than allowed");
            }
            table.resize(size);
        }
    }

    /// Decodes one field.
    ///
    /// @param before the size of the fields before it
    /// @return the size with it
    private long field(FieldSink sink, long before) throws Http2Error {
        int octet = block[at];
        if (octet < 0) {
            return indexed(integer(7), sink, before);
        }
        if ((octet & 0xe0) == 0x20) {
            throw wrong("an update of the table's size behind a field");
        }
        return (octet & 0x40) != 0 ? literal(integer(6), true, sink, before) : literal(integer(4), false, sink, before);
    }

    private long indexed(int index, FieldSink sink, long before) throws Http2Error {
        if (index == 0) {
            throw wrong("index 0");
        }
        if (index <= StaticTable.SIZE) {
            return pass(sink, before, StaticTable.name(index), StaticTable.value(index), StaticTable.traits(index));
        }
        int dynamic = dynamicIndex(index);
        return pass(sink, before, table.name(dynamic), table.value(dynamic), table.tag(dynamic));
    }

    private long literal(int nameIndex, boolean added, FieldSink sink, long before) throws Http2Error {
        if (before > maxListSize && !added) {
            skipLiteral(nameIndex);
            return before;
        }
        name(nameIndex);
        String name = text;
        int traits = textTraits;
        string(false);
        traits |= textTraits;
        if (added) {
            table.add(name, text, traits);
        }
        return pass(sink, before, name, text, traits);
    }

    private void name(int index) throws Http2Error {
        if (index == 0) {
            string(true);
        } else if (index <= StaticTable.SIZE) {
            text = StaticTable.name(index);
            textTraits = StaticTable.traits(index);
        } else {
            int dynamic = dynamicIndex(index);
            text = table.name(dynamic);
            textTraits = table.tag(dynamic) & FieldTraits.OF_NAME;
        }
    }

    private long pass(FieldSink sink, long before, String name, String value, int traits) {
        long size = before + DynamicTable.size(name, value);
        if (size <= maxListSize) {
            sink.field(name, value, traits);
        }
        return size;
    }

    private int dynamicIndex(int index) throws Http2Error {
        int dynamic = index - StaticTable.SIZE - 1;
        if (dynamic >= table.count()) {
            throw wrong("an index beyond the tables");
        }
        return dynamic;
    }

    /// Steps over a field that is neither passed on nor remembered.
    private void skipLiteral(int nameIndex) throws Http2Error {
        if (nameIndex == 0) {
            skipString();
        } else if (nameIndex > StaticTable.SIZE) {
            dynamicIndex(nameIndex);
        }
        skipString();
    }

    private void skipString() throws Http2Error {
        int length = stringLength();
        at += length;
    }

    /// Reads a string literal (RFC 7541 §5.2) into [#text] and [#textTraits].
    private void string(boolean isName) throws Http2Error {
        boolean huffman = at < end && block[at] < 0;
        int length = stringLength();
        int from = at;
        at += length;
        if (!huffman) {
            text(block, from, at, isName);
            return;
        }
        int bound = HuffmanCode.decodedBound(length);
        byte[] decoded = bound <= SCRATCH ? scratch : new byte[bound];
        int size = HuffmanCode.decode(block, from, at, decoded);
        if (size < 0) {
            throw wrong("an invalid Huffman code");
        }
        text(decoded, 0, size, isName);
    }

    private void text(byte[] bytes, int from, int to, boolean isName) {
        if (isName) {
            textTraits = FieldTraits.ofName(bytes, from, to);
            text = from == to ? "" : FieldNames.of(bytes, from, to);
        } else {
            textTraits = FieldTraits.ofValue(bytes, from, to);
            text = from == to ? "" : new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
        }
    }

    private int stringLength() throws Http2Error {
        int length = integer(7);
        if (length > end - at) {
            throw wrong("a string beyond the end of its block");
        }
        return length;
    }

    /// Reads an integer below 2^31 (RFC 7541 §5.1).
    private int integer(int prefixBits) throws Http2Error {
        if (at == end) {
            throw wrong("an incomplete field");
        }
        int mask = (1 << prefixBits) - 1;
        int prefix = block[at++] & mask;
        if (prefix < mask) {
            return prefix;
        }
        long value = mask;
        for (int shift = 0; at < end && shift <= LONGEST_SHIFT; shift += 7) {
            int octet = block[at++];
            value += (long) (octet & 0x7f) << shift;
            if (octet >= 0 && value <= Integer.MAX_VALUE) {
                return (int) value;
            }
        }
        throw wrong(at == end ? "an incomplete integer" : "too large an integer");
    }

    private static Http2Error wrong(String detail) {
        return Http2Error.ofConnection(ErrorCode.COMPRESSION_ERROR, detail);
    }
}
