package io.selvage.server.http2;

import io.selvage.server.http.Headers;
import io.selvage.server.net.Buffers;
import java.io.IOException;
import java.nio.ByteBuffer;

/// Makes frames of what the streams of a connection have to send, in the order of the [OutputScheduler] and as far as the
/// flow-control windows allow. Frames about the connection go first. It knows no socket; guarded by the lock of the connection.
final class OutputFrames {
    private static final int HEADER = FrameReader.HEADER_SIZE;
    /// Bytes of control frames that may wait for room.
    private static final int MOST_CONTROL = 64 * 1024;
    private static final int FEW_CONTROL = 256;
    /// DATA is not cut smaller than this for the end of a buffer.
    private static final int LEAST_PIECE = 1024;
    private static final int HPACK_TABLE = 4096;
    private static final int CODES = 600;
    private static final String[] STATUS = new String[CODES];

    static {
        for (int code = 100; code < CODES; code++) {
            STATUS[code] = Integer.toString(code);
        }
    }

    private final PeerSettings peer;
    private final HpackEncoder encoder = new HpackEncoder(HPACK_TABLE);
    private final FlowWindow window = new FlowWindow(0, FlowWindow.DEFAULT_SIZE);
    private final OutputScheduler ready = new OutputScheduler();
    private ByteBuffer control = ByteBuffer.allocate(FEW_CONTROL);     // frames before its position
    private long dataBytes;
    private long progressNanos;

    /// @param peer its settings, which may change
    OutputFrames(PeerSettings peer) {
        this.peer = peer;
    }

    /// Where a control frame is to be put.
    ///
    /// @param bytes of the frame
    /// @throws IOException if the client makes the server send such frames, and does not read them
    ByteBuffer control(int bytes) throws IOException {
        if (control.remaining() < bytes) {
            int size = control.position() + bytes;
            if (size > MOST_CONTROL) {
                throw new IOException("too many frames that the client does not read");
            }
            control = ByteBuffer.allocate(Math.min(MOST_CONTROL, 2 * size)).put(control.flip());
        }
        return control;
    }

    /// The flow-control window of the connection.
    FlowWindow window() {
        return window;
    }

    /// Applies SETTINGS_HEADER_TABLE_SIZE of the peer.
    void tableSize(long bytes) {
        encoder.maxTableSize(bytes);
    }

    /// Bytes of DATA until now.
    long dataBytes() {
        return dataBytes;
    }

    /// [System#nanoTime] when bytes of any stream were taken last.
    long progressNanos() {
        return progressNanos;
    }

    /// True if [#fill] finds something.
    boolean hasWork() {
        return control.position() > 0 || ready.next(window.size() > 0) != null;
    }

    /// A stream has something to send, or may send more.
    void ready(Http2Stream stream) {
        if (stream.queuedAt() < 0 && stream.hasOutput() && !(stream.needsWindow() && stream.sendWindow().size() <= 0)) {
            ready.add(stream);
        }
    }

    /// A stream sends nothing more.
    void remove(Http2Stream stream) {
        ready.remove(stream);
    }

    /// Moves a stream to its new priority.
    void reprioritise(Http2Stream stream, StreamPriority priority) {
        boolean queued = stream.queuedAt() >= 0;
        ready.remove(stream);
        stream.priority(priority);
        if (queued) {
            ready.add(stream);
        }
    }

    /// Bytes that an empty buffer must have room for, so that [#fill] gets on.
    int roomNeeded() {
        Http2Stream next = ready.next(window.size() > 0);
        Http2Stream.Head head = next == null ? null : next.head();
        return Math.max(control.position(), head == null ? HEADER + LEAST_PIECE : room(head));
    }

    /// Adds frames to a buffer.
    ///
    /// @param now [System#nanoTime]
    /// @return false if there was no room for more
    boolean fill(ByteBuffer out, long now) {
        if (!addControl(out)) {
            return false;
        }
        Http2Stream next = ready.next(window.size() > 0);
        while (next != null) {
            if (!add(next, out, now)) {
                return false;
            }
            next = ready.next(window.size() > 0);
        }
        return true;
    }

    private boolean addControl(ByteBuffer out) {
        if (control.position() > out.remaining()) {
            return false;
        }
        if (control.position() > 0) {
            out.put(control.flip());
            control = control.capacity() > FEW_CONTROL ? ByteBuffer.allocate(FEW_CONTROL) : control.clear();
        }
        return true;
    }

    /// Adds what a stream sends next.
    ///
    /// @return false if there is no room for it
    private boolean add(Http2Stream stream, ByteBuffer out, long now) {
        int before = out.position();
        Http2Stream.Head head = stream.head();
        if (head != null) {
            if (room(head) > out.remaining()) {
                return false;
            }
            addHead(stream, head, out);
        }
        boolean added = stream.output().hasRemaining() ? addData(stream, out) : addEnd(stream, out);
        if (out.position() > before) {
            stream.countSent(out.position() - before);
            stream.progress(now);
            progressNanos = now;
        }
        if (!stream.hasOutput()) {
            ready.remove(stream);
            stream.outputTaken();
        } else if (stream.needsWindow() && stream.sendWindow().size() <= 0) {
            ready.remove(stream);
        } else if (added && stream.priority().incremental()) {
            ready.rotate(stream);
        }
        return added;
    }

    private boolean addData(Http2Stream stream, ByteBuffer out) {
        ByteBuffer output = stream.output();
        long allowed = Math.min(window.size(), stream.sendWindow().size());
        if (allowed <= 0) {
            return true;
        }
        int wanted = (int) Math.min(Math.min(output.remaining(), allowed), Math.min(stream.chunk(), peer.maxFrameSize()));
        int room = out.remaining() - HEADER;
        if (room < Math.min(wanted, LEAST_PIECE)) {
            return false;
        }
        int count = Math.min(wanted, room);
        boolean last = count == output.remaining() && stream.isLastOutput();
        FrameWriter.data(out, stream.id(), count, last);
        int limit = output.limit();
        Buffers.move(output.limit(output.position() + count), out);
        output.limit(limit);
        window.sent(count);
        stream.sendWindow().sent(count);
        dataBytes += count;
        if (last) {
            stream.endOutput();
        }
        return true;
    }

    /// Ends a stream that has no more bytes.
    private boolean addEnd(Http2Stream stream, ByteBuffer out) {
        if (stream.head() == null && stream.isLastOutput()) {
            if (out.remaining() < HEADER) {
                return false;
            }
            FrameWriter.data(out, stream.id(), 0, true);
            stream.endOutput();
        }
        return true;
    }

    private static int room(Http2Stream.Head head) {
        int block = HpackEncoder.beginBound() + HpackEncoder.bound(":status", "200") + HpackEncoder.bound(head.fields())
                + HpackEncoder.bound("server", head.server()) + HpackEncoder.bound("date", head.date())
                + HpackEncoder.bound("content-length", head.length());
        return HEADER + block + FrameWriter.continuationBound(block, PeerSettings.SMALLEST_MAX_FRAME_SIZE);
    }

    private void addHead(Http2Stream stream, Http2Stream.Head head, ByteBuffer out) {
        int start = FrameWriter.beginHeaders(out);
        encoder.begin(out);
        if (head.status() > 0) {
            encoder.field(":status", head.status() < CODES ? STATUS[head.status()] : Integer.toString(head.status()), out);
        }
        Headers fields = head.fields();
        for (int i = 0; i < fields.size(); i++) {
            encoder.field(fields.name(i), fields.value(i), out);
        }
        if (!head.server().isEmpty()) {
            encoder.field("server", head.server(), out);
        }
        if (!head.date().isEmpty()) {
            encoder.field("date", head.date(), out);
        }
        if (!head.length().isEmpty()) {
            encoder.field("content-length", head.length(), out);
        }
        FrameWriter.endHeaders(out, start, stream.id(), head.last(), peer.maxFrameSize());
        stream.headSent();
        if (head.last()) {
            stream.endOutput();
        }
    }
}
