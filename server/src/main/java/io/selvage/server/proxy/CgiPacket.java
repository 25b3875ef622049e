package io.selvage.server.proxy;

import io.selvage.server.http.Headers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The variables that describe a request to an application, in the encoding of a protocol. Names and values are byte strings:
/// each `char` is one byte.
abstract class CgiPacket {
    /// Enough for an ordinary request.
    private static final int INITIAL_SIZE = 1024;
    private static final byte[] FIELD = {'H', 'T', 'T', 'P', '_'};

    private final int start;
    private byte[] bytes = new byte[INITIAL_SIZE];
    private int size;
    private int count;

    /// @param start how many bytes are left free in front of the variables
    CgiPacket(int start) {
        this.start = start;
        this.size = start;
    }

    /// Writes what stands in front of a name.
    abstract void beforeName(int nameLength, int valueLength);

    /// Writes what stands between a name and its value.
    abstract void beforeValue(int valueLength);

    /// Writes what stands behind a value.
    void afterValue() {
    }

    final void add(byte[] name, String text) {
        byte[] value = text.getBytes(StandardCharsets.ISO_8859_1);
        beforeName(name.length, value.length);
        append(name);
        end(value);
    }

    /// Adds a field as CGI names it: `HTTP_`, then the name in capitals and with underscores (RFC 3875 §4.1.18).
    final void addField(String name, String text) {
        byte[] value = text.getBytes(StandardCharsets.ISO_8859_1);
        fieldName(name, value.length);
        end(value);
    }

    /// As [#addField(String, String)], with the value as it was received if no string was made of it.
    final void addField(Headers fields, int index) {
        int length = fields.receivedLength(index);
        if (length < 0) {
            addField(fields.name(index), fields.value(index));
            return;
        }
        fieldName(fields.name(index), length);
        beforeValue(length);
        reserve(length);
        fields.copyReceived(index, bytes, size);
        size += length;
        afterValue();
        count++;
    }

    private void fieldName(String name, int valueLength) {
        int length = name.length();
        beforeName(FIELD.length + length, valueLength);
        append(FIELD);
        reserve(length);
        for (int i = 0; i < length; i++) {
            char c = name.charAt(i);
            bytes[size++] = (byte) (c == '-' ? '_' : c >= 'a' && c <= 'z' ? c - ('a' - 'A') : c);
        }
    }

    private void end(byte[] value) {
        beforeValue(value.length);
        append(value);
        afterValue();
        count++;
    }

    final void append(byte[] more) {
        reserve(more.length);
        System.arraycopy(more, 0, bytes, size, more.length);
        size += more.length;
    }

    final void append(int octet) {
        reserve(1);
        bytes[size++] = (byte) octet;
    }

    /// The number of variables until now.
    final int count() {
        return count;
    }

    /// The bytes of the variables until now.
    final int length() {
        return size - start;
    }

    /// The bytes written so far, with those in front. Valid until more is added.
    final byte[] bytes() {
        return bytes;
    }

    /// The index behind the last of [#bytes] that is used.
    final int end() {
        return size;
    }

    private void reserve(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
        }
    }
}
