package io.selvage.server.http1;

import io.selvage.server.net.Connection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;

/// What was read from a connection and not yet used. Belongs to the thread that reads.
final class Input {
    /// The patience of a read that does not wait, and that is not tried where the last one has taken all there was.
    static final Duration NOW = Duration.ZERO;

    private static final int BEHIND = 256;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Connection connection;
    private final ByteBuffer resting;
    private ByteBuffer bytes;                  // a heap buffer; what is unused lies between from and to
    private int from;
    private int to;
    private long received;
    private boolean filled;                    // the last read found no end to what was there

    /// @param restingSize bytes that are kept while nothing is unused
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

    boolean isEmpty() {
        return from == to;
    }

    /// Whether a read that does not wait is worth a try: the last one filled all the room that it had.
    boolean mayHaveMore() {
        return filled;
    }

    /// Bytes read from the connection since the start.
    long received() {
        return received;
    }

    void skip(int count) {
        from += count;
    }

    /// Waits for bytes where nothing is unused, as [Connection#awaitBytes].
    ///
    /// @return how many came; 0 at the end
    int await(int usual, Duration patience) throws IOException {
        if (bytes.capacity() != usual) {
            rest();
        }
        ByteBuffer held = bytes;
        bytes = resting;                       // what is held may be another's by the time that bytes come
        from = 0;
        to = 0;
        bytes = connection.awaitBytes(held, usual, patience);
        to = bytes.position();
        filled = !bytes.hasRemaining();
        received += to;
        return to;
    }

    /// Reads more behind what is there.
    ///
    /// @param usual the bytes that are made room for at first
    /// @param most the bytes that are made room for once these are all unused; fewer than so many may be unused before
    /// @return as [Connection#read]
    int fill(int usual, int most, Duration patience) throws IOException {
        makeRoom(usual, most);
        return added(read(bytes.limit(bytes.capacity()).position(to), patience));
    }

    /// As [#fill], without waiting, and whatever the last read found.
    int fillNow(int usual) throws IOException {
        makeRoom(usual, usual);
        filled = true;
        return added(read(bytes.limit(bytes.capacity()).position(to), NOW));
    }

    /// Reads into another buffer, past this one, which must be empty. A little of what is behind the most that is wanted comes
    /// here with the same read; so it is known that there is no more.
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

    /// Gives what is unused back to the connection.
    void unread() {
        if (from < to) {
            connection.unread(ByteBuffer.wrap(Arrays.copyOfRange(bytes.array(), from, to)));
        }
        drop();
    }

    /// Lets go of a buffer that is larger than one at rest, where nothing is unused.
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

    /// Lets go of the buffer with all that is unused.
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
