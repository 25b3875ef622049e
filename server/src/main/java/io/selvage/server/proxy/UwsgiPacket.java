package io.selvage.server.proxy;

import io.selvage.server.http.Failure;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A request in the uwsgi protocol: four bytes, then variables. The body follows it as it is.
///
/// ```
/// modifier1 (1)  size of the variables (2, little endian)  modifier2 (1)
/// then for each: length (2, little endian), name, length (2, little endian), value
/// ```
///
/// Names and values are byte strings: each `char` is one byte.
final class UwsgiPacket {
    private static final int HEAD = 4;
    private static final int MOST = 0xffff;
    /// An ordinary request fits.
    private static final int ROOM = 768;
    private static final byte[] FIELD = {'H', 'T', 'T', 'P', '_'};

    private byte[] bytes = new byte[ROOM];
    private int size = HEAD;

    /// A name with its length, as [#add(byte[], String)] takes it.
    static byte[] prepared(String name) {
        byte[] text = name.getBytes(StandardCharsets.ISO_8859_1);
        byte[] prepared = new byte[2 + text.length];
        prepared[0] = (byte) text.length;
        prepared[1] = (byte) (text.length >> 8);
        System.arraycopy(text, 0, prepared, 2, text.length);
        return prepared;
    }

    void add(byte[] preparedName, String value) {
        reserve(preparedName.length);
        System.arraycopy(preparedName, 0, bytes, size, preparedName.length);
        size += preparedName.length;
        value(value);
    }

    /// Adds a field as CGI names it: `HTTP_`, then the name in capitals and with underscores (RFC 3875 §4.1.18).
    void addField(String name, String value) {
        int length = name.length();
        length(FIELD.length + length);
        reserve(FIELD.length + length);
        System.arraycopy(FIELD, 0, bytes, size, FIELD.length);
        size += FIELD.length;
        for (int i = 0; i < length; i++) {
            char c = name.charAt(i);
            bytes[size++] = (byte) (c == '-' ? '_' : c >= 'a' && c <= 'z' ? c - ('a' - 'A') : c);
        }
        value(value);
    }

    private void value(String text) {
        byte[] value = text.getBytes(StandardCharsets.ISO_8859_1);
        length(value.length);
        reserve(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
    }

    /// Of a string too long for these two bytes, the packet is too long as well.
    private void length(int length) {
        reserve(2);
        bytes[size++] = (byte) length;
        bytes[size++] = (byte) (length >> 8);
    }

    private void reserve(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
        }
    }

    /// The packet, ready to be sent; nothing is to be added any more.
    ///
    /// @throws Failure when the variables take more than the 65,535 bytes that its size field can say
    ByteBuffer encoded(int modifier1, int modifier2) throws Failure {
        int variables = size - HEAD;
        if (variables > MOST) {
            throw Failure.here(Failure.What.TOO_LARGE, "the uwsgi variables take " + variables + " bytes, the protocol bears "
                    + MOST + "; is a header field or the URI too long?");
        }
        bytes[0] = (byte) modifier1;
        bytes[1] = (byte) variables;
        bytes[2] = (byte) (variables >> 8);
        bytes[3] = (byte) modifier2;
        return ByteBuffer.wrap(bytes, 0, size);
    }
}
