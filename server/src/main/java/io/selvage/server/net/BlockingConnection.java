package io.selvage.server.net;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A connection on a channel in blocking mode, for virtual threads that the JDK schedules.
///
/// The channel's own calls have no deadline. The [Sweeper] enforces one: it shuts down the input of a read that takes too long,
/// so that a response can still be sent, and closes the channel of such a write.
final class BlockingConnection extends ChannelConnection {
    private static final int SEND_CHUNK = 1 << 20;
    private static final int COPY_CHUNK = 16 << 10;
    /// No wait is under way.
    private static final long IDLE = 0;
    /// The sweeper has ended the wait.
    private static final long EXPIRED = -1;

    private static final VarHandle READ_UNTIL;
    private static final VarHandle WRITE_UNTIL;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            READ_UNTIL = lookup.findVarHandle(BlockingConnection.class, "readUntil", long.class);
            WRITE_UNTIL = lookup.findVarHandle(BlockingConnection.class, "writeUntil", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /*
     * Which thread ends a wait.
     *
     *   IDLE --owner: now + patience--> deadline --owner, CAS--> IDLE
     *                                      |
     *                                      +--sweeper, CAS, when passed--> EXPIRED (for good)
     *
     * Both leave the deadline by compare-and-set, so exactly one of them does: either the call returns in time and the sweeper
     * touches nothing, or the sweeper ends the wait and the call throws TimedOut, even if bytes arrive in that instant.
     * Another thread may move the deadline of a read, by compare-and-set as well, which leaves the state as it is.
     */
    private volatile long readUntil;
    private volatile long writeUntil;

    private volatile @Nullable EofWatch lookOut;            // set by the owner, looked at by the sweeper

    BlockingConnection(SocketChannel channel, SocketAddress remote, SocketAddress local) {
        super(channel, remote, local);
        Sweeper.shared().add(this);
    }

    @Override
    public int read(ByteBuffer into, Duration patience) throws IOException {
        int before = kept.take(into);
        if (before > 0) {
            return before;
        }
        long until = Sweeper.now() + patience.toNanos();
        if (!READ_UNTIL.compareAndSet(this, IDLE, until)) {
            throw new TimedOut("the input has ended by a time-out");
        }
        int count = -1;
        try {
            count = channel.read(into);
        } finally {
            if (!endRead()) {
                throw new TimedOut("nothing was received in " + patience.toMillis() + " ms");
            }
        }
        return count;
    }

    /// @return false if the sweeper has ended the wait
    private boolean endRead() {
        long until = readUntil;
        while (until != EXPIRED && !READ_UNTIL.compareAndSet(this, until, IDLE)) {
            until = readUntil;
        }
        return until != EXPIRED;
    }

    @Override
    public boolean readPatience(Duration patience) {
        long until = readUntil;
        return until > IDLE && READ_UNTIL.compareAndSet(this, until, Sweeper.now() + patience.toNanos());
    }

    @Override
    public int readNow(ByteBuffer into) throws IOException {
        int before = kept.take(into);
        return before > 0 ? before : poll(into);
    }

    private int poll(ByteBuffer into) throws IOException {
        channel.configureBlocking(false);
        try {
            return channel.read(into);
        } finally {
            channel.configureBlocking(true);
        }
    }

    @Override
    public void write(ByteBuffer from, Duration patience) throws IOException {
        while (from.hasRemaining()) {
            timedWrite(patience, () -> channel.write(from));
        }
    }

    @Override
    public void writeNow(ByteBuffer from) throws IOException {
        channel.configureBlocking(false);
        try {
            channel.write(from);
        } finally {
            channel.configureBlocking(true);
        }
    }

    @Override
    public void write(ByteBuffer[] from, Duration patience) throws IOException {
        int first = 0;
        while (first < from.length) {
            int start = first;
            timedWrite(patience, () -> channel.write(from, start, from.length - start));
            while (first < from.length && !from[first].hasRemaining()) {
                first++;
            }
        }
    }

    @Override
    public long send(SendableFile source, long at, long count, Duration patience) throws IOException {
        FileChannel file = source.channel();
        long most = Math.min(count, SEND_CHUNK);
        long sent = timedWrite(patience, () -> file.transferTo(at, most, channel));
        return sent > 0 ? sent : copy(file, at, Math.min(most, COPY_CHUNK), patience);
    }

    /// On a virtual thread `transferTo` gives 0 when the socket's buffer is full, where an ordinary write parks; and also
    /// when the file has ended.
    private long copy(FileChannel file, long at, long count, Duration patience) throws IOException {
        ByteBuffer piece = ByteBuffer.allocate((int) count);
        int read = file.read(piece, at);
        if (read <= 0) {
            return 0;
        }
        write(piece.flip(), patience);
        return read;
    }

    private interface Writing {
        long run() throws IOException;
    }

    private long timedWrite(Duration patience, Writing writing) throws IOException {
        long until = Sweeper.now() + patience.toNanos();
        if (!WRITE_UNTIL.compareAndSet(this, IDLE, until)) {
            throw new TimedOut("the output has ended by a time-out");
        }
        try {
            return writing.run();
        } finally {
            if (!WRITE_UNTIL.compareAndSet(this, until, IDLE)) {
                throw new TimedOut("nothing could be sent in " + patience.toMillis() + " ms");
            }
        }
    }

    /// Connects; the wait counts as a write, since closing is what ends it.
    static BlockingConnection connect(SocketChannel channel, SocketAddress to, Duration patience) throws IOException {
        BlockingConnection connection = new BlockingConnection(channel, to, to);
        try {
            connection.timedWrite(patience, () -> channel.connect(to) ? 1 : 0);
            return connection;
        } catch (IOException e) {
            connection.close();
            throw e;
        }
    }

    /// Called by the [Sweeper]'s thread only; never waits.
    void sweep(long now) {
        long reading = readUntil;
        if (reading > IDLE && reading < now && READ_UNTIL.compareAndSet(this, reading, EXPIRED)) {
            endInput();
        }
        long writing = writeUntil;
        if (writing > IDLE && writing < now && WRITE_UNTIL.compareAndSet(this, writing, EXPIRED)) {
            closeTimedOut();
        }
        EofWatch watching = lookOut;
        if (watching != null) {
            watching.sweep(now);
        }
    }

    private void endInput() {
        try {
            channel.shutdownInput();
        } catch (IOException e) {
            close();
        }
    }

    @Override
    public Watch watch(Runnable gone) {
        EofWatch watching = new EofWatch(channel, kept.size(), gone, Sweeper.now());
        lookOut = watching;
        if (!channel.isOpen()) {
            watching.cut();
        }
        return new Watch() {
            @Override
            public boolean gone() {
                return watching.gone();
            }

            @Override
            public void close() {
                lookOut = null;
                kept.putLast(watching.end());
            }
        };
    }

    @Override
    public void close() {
        Sweeper.shared().remove(this);
        closeChannel();
    }

    @Override
    public void abort() {
        resetAtClose();
        close();
        EofWatch watching = lookOut;                        // set before the channel is looked at, so one of both sees the other
        if (watching != null) {
            watching.cut();
        }
    }
}
