package io.selvage.server.http1;

import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Collects the bytes of a head. What could end a line early is never written: the message is given up instead.
final class HeadBytes {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final long EACH = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;
    private static final int LOWEST_SAFE = 14;             // CR, LF and NUL are below it

    private final @Nullable ByteBuffer lent;               // what it began in
    private byte[] bytes;
    private int size;

    HeadBytes() {
        this(512);
    }

    /// @param room bytes that are made room for at first
    HeadBytes(int room) {
        bytes = new byte[room];
        lent = null;
    }

    /// Collects in a heap buffer while that has room.
    HeadBytes(ByteBuffer room) {
        bytes = room.array();
        lent = room;
    }

    /// Adds text that must be safe in a line.
    ///
    /// @throws Failure a bug, where it has CR, LF, NUL or a character that is no byte
    HeadBytes text(String text) throws Failure {
        int length = text.length();
        reserve(length);
        int from = size;
        int bits = 0;                                      // of all characters
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            bits |= c;
            bytes[from + i] = (byte) c;
        }
        size = from + length;
        if (bits > 0xff || mayHaveUnsafe(from, size)) {
            check(text);
        }
        return this;
    }

    private boolean mayHaveUnsafe(int from, int to) {
        int at = from;
        for (; at + Long.BYTES <= to; at += Long.BYTES) {
            if (mayHaveUnsafe((long) LONGS.get(bytes, at))) {
                return true;
            }
        }
        for (; at < to; at++) {
            if (bytes[at] >= 0 && bytes[at] < LOWEST_SAFE) {
                return true;
            }
        }
        return false;
    }

    /// Whether one of eight bytes is below 14.
    private static boolean mayHaveUnsafe(long eight) {
        return (eight - LOWEST_SAFE * EACH & ~eight & HIGH) != 0;
    }

    private static void check(String text) throws Failure {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > 0xff || c == '\r' || c == '\n' || c == 0) {
                throw Failure.here(Failure.What.BUG, "a line break or NUL in a head that was to be sent");
            }
        }
    }

    /// Adds bytes that were made here before.
    HeadBytes prepared(byte[] lines) {
        reserve(lines.length);
        System.arraycopy(lines, 0, bytes, size, lines.length);
        size += lines.length;
        return this;
    }

    /// Adds a number above or equal to 0 in decimal.
    HeadBytes number(long value) {
        reserve(20);
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        long rest = value;
        for (int at = size + digits - 1; at >= size; at--) {
            bytes[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        size += digits;
        return this;
    }

    HeadBytes endOfLine() {
        reserve(2);
        bytes[size++] = '\r';
        bytes[size++] = '\n';
        return this;
    }

    /// Adds one field.
    HeadBytes field(String name, String value) throws Failure {
        if (!CharClasses.isToken(name)) {
            throw Failure.here(Failure.What.BUG, "an invalid field name in a head that was to be sent");
        }
        return text(name).separator().text(value).endOfLine();
    }

    /// Adds one field as it was received, or as text.
    HeadBytes field(Headers fields, int index) throws Failure {
        int length = fields.lineLength(index);
        if (length == 0) {
            return field(fields.name(index), fields.value(index));
        }
        reserve(length);
        fields.copyLine(index, bytes, size);
        size += length;
        return endOfLine();
    }

    HeadBytes space() {
        reserve(1);
        bytes[size++] = ' ';
        return this;
    }

    private HeadBytes separator() {
        reserve(2);
        bytes[size++] = ':';
        bytes[size++] = ' ';
        return this;
    }

    /// Adds all fields and the empty line.
    HeadBytes fields(Headers headers) throws Failure {
        for (int i = 0; i < headers.size(); i++) {
            field(headers, i);
        }
        return endOfLine();
    }

    ByteBuffer done() {
        return lent != null && lent.array() == bytes ? lent.clear().limit(size) : ByteBuffer.wrap(bytes, 0, size);
    }

    /// The bytes alone, to be kept.
    byte[] lines() {
        return Arrays.copyOf(bytes, size);
    }

    private void reserve(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
        }
    }
}
