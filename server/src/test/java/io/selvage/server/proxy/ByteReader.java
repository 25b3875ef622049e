package io.selvage.server.proxy;

import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/// Reads what a socket brings as text in which each `char` is one byte. Every byte is copied and compared a bounded number of
/// times, however much is waited for. One thread at a time.
public final class ByteReader {
    private final Source source;
    private byte[] bytes = new byte[16 * 1024];
    private int from;                                      // bytes before this were returned
    private int to;                                        // bytes from here on have not come

    /// Where the bytes come from.
    @FunctionalInterface
    public interface Source {
        /// @return how many bytes were put at `offset`; -1 at the end
        int read(byte[] into, int offset, int length) throws IOException;
    }

    public ByteReader(Source source) {
        this.source = source;
    }

    /// Everything up to and with the next `end`.
    ///
    /// @throws EOFException when the other side ends before; it says what came
    public String readUntil(String end) throws IOException {
        byte[] wanted = end.getBytes(ISO_8859_1);
        int searched = 0;                                  // counted from `from`
        while (true) {
            int at = indexOf(wanted, from + searched);
            if (at >= 0) {
                return take(at + wanted.length - from);
            }
            searched = Math.max(0, to - from - wanted.length + 1);
            require();
        }
    }

    /// The next `count` bytes.
    ///
    /// @throws EOFException when the other side ends before; it says what came
    public String read(int count) throws IOException {
        while (to - from < count) {
            require();
        }
        return take(count);
    }

    /// Everything until the other side ends.
    public String readToEnd() throws IOException {
        while (more()) {
            // goes on
        }
        return take(to - from);
    }

    /// Everything until the other side ends or resets the connection.
    public String readToEndOrReset() {
        try {
            return readToEnd();
        } catch (IOException _) {
            return take(to - from);
        }
    }

    private void require() throws IOException {
        if (!more()) {
            throw new EOFException("ended after \"" + take(to - from) + "\"");
        }
    }

    private boolean more() throws IOException {
        if (to == bytes.length) {
            makeRoom();
        }
        int count = source.read(bytes, to, bytes.length - to);
        to += Math.max(0, count);
        return count >= 0;
    }

    private void makeRoom() {
        int length = to - from;
        int size = length > bytes.length / 2 ? 2 * bytes.length : bytes.length;
        bytes = Arrays.copyOf(Arrays.copyOfRange(bytes, from, to), size);
        from = 0;
        to = length;
    }

    private String take(int count) {
        String text = new String(bytes, from, count, ISO_8859_1);
        from += count;
        return text;
    }

    private int indexOf(byte[] wanted, int start) {
        for (int at = start; at <= to - wanted.length; at++) {
            if (Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length)) {
                return at;
            }
        }
        return -1;
    }
}
