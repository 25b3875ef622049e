package io.selvage.server.http1;

import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Collects the bytes of a head. What could end a line early is never written: the message is given up instead.
final class HeadBytes {
    private byte[] bytes = new byte[512];
    private int size;

    /// Adds text that must be safe in a line.
    ///
    /// @throws Failure a bug, where it has CR, LF, NUL or a character that is no byte
    HeadBytes text(String text) throws Failure {
        int length = text.length();
        reserve(length);
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c > 0xff || c == '\r' || c == '\n' || c == 0) {
                throw Failure.here(Failure.What.BUG, "a line break or NUL in a head that was to be sent");
            }
            bytes[size++] = (byte) c;
        }
        return this;
    }

    HeadBytes endOfLine() {
        reserve(2);
        bytes[size++] = '\r';
        bytes[size++] = '\n';
        return this;
    }

    /// Adds all fields and the empty line.
    HeadBytes fields(Headers headers) throws Failure {
        for (int i = 0; i < headers.size(); i++) {
            if (!Octets.isToken(headers.name(i))) {
                throw Failure.here(Failure.What.BUG, "an invalid field name in a head that was to be sent");
            }
            text(headers.name(i)).text(": ").text(headers.value(i)).endOfLine();
        }
        return endOfLine();
    }

    ByteBuffer done() {
        return ByteBuffer.wrap(bytes, 0, size);
    }

    private void reserve(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
        }
    }
}
