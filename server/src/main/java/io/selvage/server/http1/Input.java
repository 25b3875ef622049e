package io.selvage.server.http1;

import io.selvage.server.net.Connection;
import io.selvage.server.tls.TlsConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;

/// The bytes that were read from a connection and not yet used. Belongs to the reading thread.
final class Input {
    /// The patience of a read that does not wait. Such a read is skipped if the last read emptied the socket.
    static final Duration NOW = Duration.ZERO;

    private static final int BEHIND = 256;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Connection connection;
    private final ByteBuffer resting;
    private ByteBuffer bytes;                  // a heap buffer; unused bytes are between from and to
    private int from;
    private int to;
    private long received;
    private boolean filled;                    // the last read filled its buffer, so there may be more

    /// @param restingSize size of the buffer that is kept while there are no unused bytes
    Input(Connection connection, int restingSize) {
        this.connection = connection;
        this.resting = restingSize == 0 ? NOTHING : ByteBuffer.allocate(restingSize);
        this.bytes = resting;
    }

    byte[] window() {
        return bytes.array();
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    /// The number of unused bytes.
    int size() {
        return to - from;
    }

    boolean isEmpty() {
        return from == to;
    }

    /// True if the last read filled its buffer, so that a read without waiting may find more.
    boolean mayHaveMore() {
        return filled;
    }

    /// True if the connection has ended without the end of its TLS, so that bytes may be missing (RFC 8446 §6.1).
    boolean isTruncated() {
        return connection instanceof TlsConnection tls && tls.isTruncated();
    }

    /// Bytes read from the connection since the start.
    long received() {
        return received;
    }

    void skip(int count) {
        from += count;
    }

    /// Waits for bytes while there are no unused ones, as [Connection#awaitBytes] does.
    ///
    /// @return the number of bytes received; 0 at the end
    int await(int usual, Duration patience) throws IOException {
        if (bytes.capacity() != usual) {
            rest();
        }
        ByteBuffer held = bytes;
        bytes = resting;                       // another connection may use `held` while this one waits
        from = 0;
        to = 0;
        bytes = connection.awaitBytes(held, usual, patience);
        to = bytes.position();
        filled = !bytes.hasRemaining();
        received += to;
        return to;
    }

    /// Reads more bytes after the unused ones.
    ///
    /// @param usual the initial size of the buffer
    /// @param most the size that a full buffer grows to; fewer than `most` bytes may be unused before the call
    /// @return as [Connection#read]
    int fill(int usual, int most, Duration patience) throws IOException {
        makeRoom(usual, most);
        return added(read(bytes.limit(bytes.capacity()).position(to), patience));
    }

    /// As [#fill], without waiting; reads even if the last read emptied the socket.
    int fillNow(int usual) throws IOException {
        makeRoom(usual, usual);
        filled = true;
        return added(read(bytes.limit(bytes.capacity()).position(to), NOW));
    }

    /// Reads directly into another buffer while this input is empty. The same read may receive up to 256 bytes beyond `most`,
    /// which are kept here; so a read that gets fewer shows that the socket is empty.
    int readInto(ByteBuffer into, int most, Duration patience) throws IOException {
        int limit = into.limit();
        int start = into.position();
        into.limit(start + (int) Math.min((long) most + BEHIND, into.remaining()));
        try {
            int count = read(into, patience);
            if (count > most) {
                keep(into, start + most);
                return most;
            }
            return count;
        } finally {
            into.limit(limit);
        }
    }

    private void keep(ByteBuffer read, int wanted) {
        makeRoom(HeadBufferPool.SIZE, HeadBufferPool.SIZE);
        to = read.position() - wanted;
        read.get(wanted, bytes.array(), 0, to).position(wanted);
    }

    private int read(ByteBuffer into, Duration patience) throws IOException {
        if (patience.isZero() && !filled) {
            return 0;
        }
        int count = patience.isZero() ? connection.readNow(into) : connection.read(into, patience);
        filled = !into.hasRemaining();
        received += Math.max(0, count);
        return count;
    }

    /// Moves bytes from here to another buffer.
    int take(ByteBuffer into, int most) {
        int count = Math.min(Math.min(most, into.remaining()), to - from);
        into.put(bytes.array(), from, count);
        from += count;
        return count;
    }

    /// Returns the unused bytes to the connection.
    void unread() {
        if (from < to) {
            connection.unread(ByteBuffer.wrap(Arrays.copyOfRange(bytes.array(), from, to)));
        }
        drop();
    }

    /// Releases a buffer larger than the resting one, if there are no unused bytes.
    void rest() {
        if (from == to) {
            from = 0;
            to = 0;
            if (bytes != resting) {
                if (bytes.capacity() == HeadBufferPool.SIZE) {
                    HeadBufferPool.give(bytes);
                }
                bytes = resting;
            }
        }
    }

    /// Discards the unused bytes and releases the buffer.
    void drop() {
        from = to;
        rest();
    }

    private int added(int count) {
        to += Math.max(0, count);
        return count;
    }

    private void makeRoom(int usual, int most) {
        if (from == to) {
            from = 0;
            to = 0;
            if (bytes.capacity() < usual) {
                bytes = usual == HeadBufferPool.SIZE ? HeadBufferPool.take() : ByteBuffer.allocate(usual);
            }
            return;
        }
        if (to < bytes.capacity()) {
            return;
        }
        if (from > 0) {
            System.arraycopy(bytes.array(), from, bytes.array(), 0, to - from);
        } else if (bytes.capacity() < most) {
            bytes = ByteBuffer.wrap(Arrays.copyOf(bytes.array(), most));
        } else {
            throw new IllegalStateException("no room for more than " + most + " unused bytes");
        }
        to -= from;
        from = 0;
    }
}
