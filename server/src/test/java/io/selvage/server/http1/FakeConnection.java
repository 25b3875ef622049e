package io.selvage.server.http1;

import io.selvage.server.net.Connection;
import io.selvage.server.net.SendableFile;
import io.selvage.server.net.TimedOut;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// A connection whose other side is a script: what it sends, and when it is silent or disconnects. After the script the stream
/// ends.
public final class FakeConnection implements Connection {

    private interface Step {
        /// What a read finds; [#NOTHING] to look at the next step.
        int read(ByteBuffer into, boolean mayWait) throws IOException;
    }

    private static final int NOTHING = -100;

    private final Deque<Step> script = new ArrayDeque<>();
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final List<Integer> writes = new ArrayList<>();
    private final List<String> events;
    private final List<Duration> patiences = new ArrayList<>();
    private long writable = Long.MAX_VALUE;
    private long takenNow = Long.MAX_VALUE;
    private IOException whenFull = new IOException("broken pipe");
    private Runnable duringWrite = () -> { };
    private boolean leaves;
    private boolean open = true;

    public FakeConnection() {
        this(new ArrayList<>());
    }

    /// @param events the list of events, shared with other fakes
    FakeConnection(List<String> events) {
        this.events = events;
    }

    FakeConnection sends(String latin1) {
        return sends(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    public FakeConnection sends(byte[] bytes) {
        if (bytes.length > 0) {
            script.add(rest(ByteBuffer.wrap(bytes)));
        }
        return this;
    }

    /// Two pieces, each received by a read of its own.
    FakeConnection sendsCutAt(byte[] bytes, int cut) {
        for (byte[] piece : Feeding.cutAt(bytes, cut)) {
            sends(piece);
        }
        return this;
    }

    private Step rest(ByteBuffer left) {
        return (into, _) -> {
            int count = Math.min(into.remaining(), left.remaining());
            into.put(left.slice(left.position(), count));
            left.position(left.position() + count);
            if (left.hasRemaining()) {
                script.addFirst(rest(left));
            }
            return count;
        };
    }

    /// One read times out.
    FakeConnection isSilent() {
        script.add((_, mayWait) -> {
            if (mayWait) {
                throw new TimedOut("a read");
            }
            script.addFirst((_, _) -> {
                throw new TimedOut("a read");
            });
            return 0;
        });
        return this;
    }

    /// One read without waiting finds nothing.
    public FakeConnection hesitates() {
        script.add((_, mayWait) -> mayWait ? NOTHING : 0);
        return this;
    }

    /// The client leaves; only a watch sees it.
    FakeConnection leaves() {
        leaves = true;
        return this;
    }

    public FakeConnection ends() {
        script.add((_, _) -> -1);
        return this;
    }

    FakeConnection resets() {
        script.add((_, _) -> {
            throw new IOException("connection reset");
        });
        return this;
    }

    /// An action runs during a read.
    FakeConnection during(Runnable action) {
        script.add((_, _) -> {
            action.run();
            return NOTHING;
        });
        return this;
    }

    /// Writing fails after this many bytes.
    FakeConnection takesOnly(long bytes, IOException then) {
        writable = bytes;
        whenFull = then;
        return this;
    }

    /// Bytes after this many are accepted only by a write that waits.
    FakeConnection takesAtOnce(long bytes) {
        takenNow = bytes;
        return this;
    }

    /// An action runs during each write.
    FakeConnection eachWrite(Runnable action) {
        duringWrite = action;
        return this;
    }

    String written() {
        return written.toString(StandardCharsets.ISO_8859_1);
    }

    /// The sizes of the writes.
    List<Integer> writes() {
        return writes;
    }

    List<String> events() {
        return events;
    }

    /// The timeout of each read.
    List<Duration> patiences() {
        return patiences;
    }

    private int step(ByteBuffer into, boolean mayWait) throws IOException {
        int count = NOTHING;
        while (count == NOTHING) {
            if (!open) {
                throw new IOException("closed");
            }
            count = script.isEmpty() ? -1 : script.poll().read(into, mayWait);
        }
        return count;
    }

    @Override
    public int read(ByteBuffer into, Duration patience) throws IOException {
        if (!into.hasRemaining() || !patience.isPositive()) {
            throw new AssertionError("no room or no patience: " + into + " " + patience);
        }
        patiences.add(patience);
        return step(into, true);
    }

    @Override
    public int readNow(ByteBuffer into) throws IOException {
        return script.isEmpty() ? 0 : step(into, false);
    }

    /// Nobody waits here.
    @Override
    public boolean readPatience(Duration patience) {
        return false;
    }

    @Override
    public void unread(ByteBuffer bytes) {
        script.addFirst(rest(bytes));
    }

    @Override
    public void write(ByteBuffer from, Duration patience) throws IOException {
        write(new ByteBuffer[] {from}, patience);
    }

    @Override
    public void writeNow(ByteBuffer from) throws IOException {
        int count = (int) Math.min(from.remaining(), Math.max(0, takenNow - written.size()));
        if (count > 0) {
            write(from.slice(from.position(), count), Duration.ZERO);
            from.position(from.position() + count);
        }
    }

    @Override
    public void write(ByteBuffer[] from, Duration patience) throws IOException {
        duringWrite.run();
        int before = written.size();
        for (ByteBuffer buffer : from) {
            while (buffer.hasRemaining()) {
                if (!open || written.size() >= writable) {
                    throw whenFull;
                }
                written.write(buffer.get());
            }
        }
        writes.add(written.size() - before);
    }

    @Override
    public long send(SendableFile file, long at, long count, Duration patience) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(count, takenNow));
        while (bytes.hasRemaining() && file.read(bytes, at + bytes.position()) > 0) {
        }
        int done = bytes.flip().remaining();
        write(bytes, patience);
        events.add("sent a file");
        return done;
    }

    @Override
    public Watch watch(Runnable gone) {
        return new Watch() {
            @Override
            public boolean gone() {
                return leaves;
            }

            @Override
            public void close() {
            }
        };
    }

    @Override
    public void shutdownOutput() {
        events.add("shutdown");
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public SocketAddress remote() {
        return new InetSocketAddress("127.0.0.1", 1);
    }

    @Override
    public SocketAddress local() {
        return new InetSocketAddress("127.0.0.1", 2);
    }

    @Override
    public void noDelay(boolean on) {
    }

    @Override
    public void resetTimedOutWrites(boolean on) {
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            events.add("close");
        }
    }

    @Override
    public void abort() {
        if (open) {
            open = false;
            events.add("abort");
        }
    }
}
