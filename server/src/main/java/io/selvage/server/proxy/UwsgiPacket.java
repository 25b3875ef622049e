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
    /// Enough for an ordinary request.
    private static final int INITIAL_SIZE = 768;
    private static final byte[] FIELD = {'H', 'T', 'T', 'P', '_'};

    private byte[] bytes = new byte[INITIAL_SIZE];
    private int size = HEAD;

    /// A name with its length in front, for [#add(byte[], String)].
    static byte[] encodedName(String name) {
        byte[] text = name.getBytes(StandardCharsets.ISO_8859_1);
        byte[] encoded = new byte[2 + text.length];
        encoded[0] = (byte) text.length;
        encoded[1] = (byte) (text.length >> 8);
        System.arraycopy(text, 0, encoded, 2, text.length);
        return encoded;
    }

    void add(byte[] encodedName, String value) {
        reserve(encodedName.length);
        System.arraycopy(encodedName, 0, bytes, size, encodedName.length);
        size += encodedName.length;
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

    /// A string that is too long for these two bytes makes the packet too long as well, which [#encoded] checks.
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

    /// The packet as it is sent. Nothing can be added any more.
    ///
    /// @throws Failure where the variables take more than the 65,535 bytes of the size field
    ByteBuffer encoded(int modifier1, int modifier2) throws Failure {
        int variables = size - HEAD;
        if (variables > MOST) {
            throw Failure.here(Failure.What.TOO_LARGE, "the uwsgi variables take " + variables + " bytes, the protocol allows "
                    + MOST + "; is a header field or the URI too long?");
        }
        bytes[0] = (byte) modifier1;
        bytes[1] = (byte) variables;
        bytes[2] = (byte) (variables >> 8);
        bytes[3] = (byte) modifier2;
        return ByteBuffer.wrap(bytes, 0, size);
    }
}
