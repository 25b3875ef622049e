package io.selvage.server.net;

import io.selvage.server.engine.BlockingExecutor;
import io.selvage.server.engine.Carrier;
import io.selvage.server.engine.Readiness;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A connection on a non-blocking channel that lives on one carrier. Except where [Connection] says otherwise it is called by
/// threads of that carrier only, of which one runs at a time.
///
/// The channel is registered when it first has to wait: a request that has arrived with its connection is answered without.
final class CarrierConnection extends ChannelConnection {
    /// A file is sent in turns, so that one large file does not keep a carrier to itself.
    private static final int SEND_CHUNK = 512 << 10;
    /// What is in the page cache goes out in a tenth of this. A step that takes longer has waited for the disk.
    private static final long SLOW_NANOS = 2_000_000;
    private static final int READ_AHEAD = 64 << 10;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Carrier carrier;
    private final CarrierBufferPool spares;                           // the carrier's

    private @Nullable Readiness readiness;                 // set at the first wait; the carrier's
    private boolean inputOver;                             // a read has timed out
    private boolean counted;                               // among the carrier's connections
    private final ReadAhead ahead = new ReadAhead();
    private boolean drained;                               // the last read took all there was, and the channel is registered
    private @Nullable SendableFile slowFile;               // its bytes come from a disk: they are read before they are sent
    private long readTo;                                   // where the bytes of slowFile end that were read so

    private CarrierConnection(Carrier carrier, CarrierBufferPool spares, SocketChannel channel, SocketAddress remote,
            SocketAddress local)
            throws IOException {
        super(channel, remote, local);
        this.carrier = carrier;
        this.spares = spares;
        channel.configureBlocking(false);
    }

    /// A client's, which counts for the balance between carriers until it is closed.
    static CarrierConnection accepted(Carrier carrier, CarrierBufferPool spares, SocketChannel channel) throws IOException {
        var connection = new CarrierConnection(carrier, spares, channel, channel.getRemoteAddress(), channel.getLocalAddress());
        connection.counted = true;
        carrier.connections(1);
        return connection;
    }

    static CarrierConnection toPeer(Carrier carrier, CarrierBufferPool spares, SocketChannel channel, SocketAddress to)
            throws IOException {
        return new CarrierConnection(carrier, spares, channel, to, to);
    }

    Carrier carrier() {
        return carrier;
    }

    private Readiness readiness() throws IOException {
        Readiness known = readiness;
        if (known == null) {
            known = carrier.register(channel);
            readiness = known;
        }
        return known;
    }

    /// A peer on this machine has accepted the connection when the first call returns, although that call does not report it.
    void connect(SocketAddress to, Duration patience) throws IOException {
        if (channel.connect(to) || channel.finishConnect()) {
            return;
        }
        if (!readiness().awaitConnected(System.nanoTime() + patience.toNanos())) {
            throw new TimedOut("no connection in " + patience.toMillis() + " ms");
        }
        if (!channel.finishConnect()) {
            throw new IOException("the connection was neither made nor refused");
        }
    }

    @Override
    public int read(ByteBuffer into, Duration patience) throws IOException {
        int count = readAtHand(into);
        if (count != 0 || !into.hasRemaining()) {
            return count;
        }
        long until = System.nanoTime() + patience.toNanos();
        boolean inTime = true;
        while (inTime) {
            inTime = readiness().awaitReadable(until);
            count = tryRead(into);
            if (count != 0) {
                return count;
            }
        }
        throw nothingCame(patience);
    }

    /// A buffer is here while there may be bytes, and with the [CarrierBufferPool] while they are waited for.
    @Override
    public ByteBuffer awaitBytes(ByteBuffer held, int size, Duration patience) throws IOException {
        ByteBuffer into = held.capacity() < size ? spares.take(size) : held.clear();
        int count = readAtHand(into);
        long until = count == 0 ? System.nanoTime() + patience.toNanos() : 0;
        boolean inTime = true;
        while (count == 0 && inTime) {
            spares.give(into);
            into = NOTHING;
            inTime = readiness().awaitReadable(until);
            into = spares.take(size);
            count = tryRead(into);
        }
        if (count <= 0) {
            spares.give(into);
            into = NOTHING;
        }
        if (count == 0) {
            throw nothingCame(patience);
        }
        return into;
    }

    @Override
    public ByteBuffer lend(int size) {
        return spares.take(size);
    }

    @Override
    public void giveBack(ByteBuffer lent) {
        spares.give(lent);
    }

    /// What can be had without waiting, as far as a look seems worth it; 0 for nothing.
    private int readAtHand(ByteBuffer into) throws IOException {
        int before = kept.take(into);
        if (before > 0) {
            return before;
        }
        if (inputOver) {
            throw new TimedOut("the input has ended by a time-out");
        }
        if (drained && !ahead.isWorthTrying()) {
            return 0;
        }
        boolean guessed = drained;
        int count = readUnreported(into);
        if (guessed) {
            ahead.tried(count != 0);
        }
        return count;
    }

    private TimedOut nothingCame(Duration patience) {
        inputOver = true;
        return new TimedOut("nothing was received in " + patience.toMillis() + " ms");
    }

    private int tryRead(ByteBuffer into) throws IOException {
        int count = channel.read(into);
        drained = readiness != null && into.hasRemaining() && count >= 0;
        return count;
    }

    @Override
    public int readNow(ByteBuffer into) throws IOException {
        int before = kept.take(into);
        return before > 0 ? before : readUnreported(into);
    }

    private int readUnreported(ByteBuffer into) throws IOException {
        int count = tryRead(into);
        if (count > 0) {
            carrier.readUnreported();
        }
        return count;
    }

    @Override
    public boolean readPatience(Duration patience) {
        Readiness known = readiness;
        return known != null && known.limitReading(System.nanoTime() + patience.toNanos());
    }

    @Override
    public boolean mayHaveInput() {
        Readiness known = readiness;
        return !kept.isEmpty() || known == null || !known.isArmedForReading() || carrier.hasReadUnreported();
    }

    @Override
    public void write(ByteBuffer from, Duration patience) throws IOException {
        while (from.hasRemaining()) {
            if (channel.write(from) == 0) {
                awaitWritable(patience);
            }
        }
    }

    @Override
    public void writeNow(ByteBuffer from) throws IOException {
        channel.write(from);
    }

    @Override
    public void write(ByteBuffer[] from, Duration patience) throws IOException {
        int first = 0;
        while (first < from.length) {
            long count = channel.write(from, first, from.length - first);
            while (first < from.length && !from[first].hasRemaining()) {
                first++;
            }
            if (count == 0 && first < from.length) {
                awaitWritable(patience);
            }
        }
    }

    @Override
    public long send(SendableFile source, long at, long count, Duration patience) throws IOException {
        FileChannel file = source.channel();
        long sent = 0;
        boolean waited = false;
        while (sent < count && !(waited && sent > 0)) {
            long from = at + sent;
            long piece = Math.min(count - sent, SEND_CHUNK);
            if (source == slowFile && from >= readTo) {
                slowFile = isReadSlowly(file, from, piece) ? source : null;
                readTo = from + piece;
            }
            long began = System.nanoTime();
            long step = file.transferTo(from, piece, channel);
            if (source != slowFile && System.nanoTime() - began > SLOW_NANOS) {
                slowFile = source;
                readTo = from;
            }
            sent += step;
            if (step > 0) {
                if (sent < count) {
                    Thread.yield();
                }
            } else if (file.size() <= from) {
                break;
            } else {
                awaitWritable(patience);
                waited = true;
            }
        }
        return sent;
    }

    /// Brings a piece of a file into the page cache, on a thread that may wait for the disk.
    private static boolean isReadSlowly(FileChannel file, long at, long count) throws IOException {
        return BlockingExecutor.call(() -> {
            ByteBuffer buffer = ByteBuffer.allocateDirect(READ_AHEAD);
            long began = System.nanoTime();
            long to = at + count;
            for (long from = at; from < to;) {
                int read = file.read(buffer.clear().limit((int) Math.min(READ_AHEAD, to - from)), from);
                if (read <= 0) {
                    break;
                }
                from += read;
            }
            return System.nanoTime() - began > SLOW_NANOS;
        });
    }

    private void awaitWritable(Duration patience) throws IOException {
        if (!readiness().awaitWritable(System.nanoTime() + patience.toNanos())) {
            closeTimedOut();
            throw new TimedOut("nothing could be sent in " + patience.toMillis() + " ms");
        }
    }

    @Override
    public Watch watch(Runnable gone) {
        LookOut watching = new LookOut(gone);
        try {
            if (!watching.input.isFull()) {
                readiness().watch(watching);
            }
        } catch (IOException _) {
            watching.ended();
        }
        return watching;
    }

    /// Looks at what comes while nobody reads; runs on the carrier's platform thread.
    private final class LookOut implements Watch, Runnable {
        private final WatchedInput input = new WatchedInput(kept.size());
        private final Runnable whenGone;
        private boolean gone;

        LookOut(Runnable whenGone) {
            this.whenGone = whenGone;
        }

        @Override
        public void run() {
            boolean ended;
            try {
                ended = input.readToEnd(channel);
            } catch (IOException e) {
                ended = true;
            }
            if (ended) {
                ended();
            } else if (input.isFull()) {
                unwatch();                                 // the end is behind more bytes than are kept
            }
        }

        void ended() {
            unwatch();
            if (!gone) {
                gone = true;
                whenGone.run();
            }
        }

        private void unwatch() {
            Readiness known = readiness;
            if (known != null) {
                known.unwatch();
            }
        }

        @Override
        public boolean gone() {
            return gone;
        }

        @Override
        public void close() {
            unwatch();
            ByteBuffer seen = input.bytes();
            if (seen.hasRemaining()) {
                kept.putLast(seen);
            }
        }
    }

    @Override
    public void close() {
        if (channel.isOpen()) {
            onCarrier(this::closeHere);
        }
    }

    @Override
    public void abort() {
        if (channel.isOpen()) {
            onCarrier(() -> {
                resetAtClose();
                closeHere();
            });
        }
    }

    /// A channel that is registered is closed by its carrier, which wakes the threads that wait for it.
    private void onCarrier(Runnable action) {
        if (carrier.isHere()) {
            action.run();
        } else {
            carrier.execute(action);
        }
    }

    private void closeHere() {
        if (counted) {
            counted = false;
            carrier.connections(-1);
        }
        closeChannel();
        Readiness known = readiness;
        if (known != null) {
            known.closed();
        }
    }
}
