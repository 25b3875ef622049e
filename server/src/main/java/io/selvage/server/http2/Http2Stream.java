package io.selvage.server.http2;

import io.selvage.server.http.Headers;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// One stream of a client's connection: what came and was not read, what is to be sent, and which sides have ended
/// (RFC 9113 §5.1). Guarded by the lock of the connection, unless said otherwise.
///
/// Its own thread answers the request: it reads the body and adds output. The thread of the connection adds what comes. Whichever
/// thread fills the connection's buffer takes the output.
final class Http2Stream {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /// The head of a response, interim or final, or the trailers behind it.
    ///
    /// @param status the code; 0 for trailers
    /// @param server the value of a `Server` that is added, empty for none
    /// @param date the value of a `Date` that is added, empty for none
    /// @param length the value of a `Content-Length` that is added, empty for none
    /// @param last true if nothing follows it
    record Head(int status, Headers fields, String server, String date, String length, boolean last) {

        /// The same, with nothing behind it.
        Head asLast() {
            return last ? this : new Head(status, fields, server, date, length, true);
        }

        /// All its fields.
        Headers allFields() {
            Headers.Builder all = fields.toBuilder();
            if (!server.isEmpty()) {
                all.add("Server", server);
            }
            if (!date.isEmpty()) {
                all.add("Date", date);
            }
            return length.isEmpty() ? all.build() : all.add("Content-Length", length).build();
        }
    }

    private final int id;
    private final FlowWindow sendWindow;
    private final FlowWindow receiveWindow;
    private final ReceiveBuffer received = new ReceiveBuffer();
    private DeclaredLength declared;
    private StreamPriority priority = StreamPriority.DEFAULT;

    private boolean remoteEnded;
    private boolean malformed;
    private boolean localEnded;
    private @Nullable ErrorCode resetCode;     // once one of the sides has reset it
    private boolean resetByPeer;
    private long bodyBytes;                    // that came, without padding
    private Headers trailers = Headers.EMPTY;  // of the request
    private @Nullable Thread reader;           // waits for bytes
    private @Nullable Runnable whenGone;       // of the watch, while there is one

    private @Nullable Head head;               // to be sent
    private ByteBuffer output = NOTHING;       // to be sent behind it; not copied
    private boolean lastOutput;                // nothing follows `output`
    private @Nullable Thread writer;           // waits until its output is taken
    private int level = -1;                    // of the scheduler, where it is queued
    private int chunk = Integer.MAX_VALUE;     // the most bytes of a DATA frame
    private long sentBytes;                    // of all its frames
    private long progressNanos;                // when a part of its output was taken last

    /// @param sendWindow the bytes that the client takes at first
    /// @param receiveWindow the bytes that the client was allowed to send
    Http2Stream(int id, int sendWindow, int receiveWindow) {
        this.id = id;
        this.sendWindow = new FlowWindow(id, sendWindow);
        this.receiveWindow = new FlowWindow(id, receiveWindow);
        this.declared = new DeclaredLength(id, -1);
    }

    /// May be called without the lock.
    int id() {
        return id;
    }

    FlowWindow sendWindow() {
        return sendWindow;
    }

    FlowWindow receiveWindow() {
        return receiveWindow;
    }

    ReceiveBuffer received() {
        return received;
    }

    StreamPriority priority() {
        return priority;
    }

    void priority(StreamPriority given) {
        priority = given;
    }

    /// Sets the length that the head of the request declares.
    void declares(long bytes) {
        declared = new DeclaredLength(id, bytes);
    }

    // What comes.

    boolean isRemoteEnded() {
        return remoteEnded;
    }

    /// Takes bytes of the body.
    ///
    /// @param counted bytes for the window, with padding
    /// @throws Http2Error of the stream
    void receive(ByteBuffer data, int counted, boolean last) throws Http2Error {
        receiveWindow.received(counted);
        int count = data.remaining();
        declared.received(count, last);
        bodyBytes += count;
        received.put(data);
        if (last) {
            remoteEnded = true;
        }
        wakeReader();
    }

    /// The client has ended its side without more DATA.
    ///
    /// @throws Http2Error of the stream
    void endRemote(Headers behind) throws Http2Error {
        declared.received(0, true);
        trailers = behind;
        remoteEnded = true;
        wakeReader();
    }

    /// The request is malformed (RFC 9113 §8.1.1): nothing more is received, and the stream is reset behind its answer.
    void fail() {
        malformed = true;
        wakeReader();
    }

    boolean isMalformed() {
        return malformed;
    }

    long bodyBytes() {
        return bodyBytes;
    }

    Headers trailers() {
        return trailers;
    }

    void reader(@Nullable Thread waiting) {
        reader = waiting;
    }

    private void wakeReader() {
        if (reader != null) {
            LockSupport.unpark(reader);
        }
    }

    // Its end.

    boolean isReset() {
        return resetCode != null;
    }

    boolean isResetByPeer() {
        return resetByPeer;
    }

    boolean isLocalEnded() {
        return localEnded;
    }

    /// True if no frame of it is expected from either side.
    boolean isClosed() {
        return resetCode != null || localEnded && remoteEnded;
    }

    /// Ends both sides at once and wakes the threads that wait. What was to be sent is dropped.
    ///
    /// @return what watches for it, which the caller has to run without the lock; null for nothing
    @Nullable Runnable reset(ErrorCode code, boolean byPeer) {
        if (resetCode != null) {
            return null;
        }
        resetCode = code;
        resetByPeer = byPeer;
        received.clear();
        dropOutput();
        wakeReader();
        wakeWriter();
        Runnable gone = whenGone;
        whenGone = null;
        return gone;
    }

    /// Sets what runs when the client resets the stream or the connection ends; null for nothing.
    ///
    /// @return false if that has happened
    boolean watch(@Nullable Runnable gone) {
        whenGone = resetCode == null ? gone : null;
        return resetCode == null;
    }

    // What is sent.

    /// Sets what is to be sent next; before it, all output was taken.
    void offer(@Nullable Head first, ByteBuffer bytes, boolean last) {
        head = first;
        output = bytes;
        lastOutput = last;
    }

    @Nullable Head head() {
        return head;
    }

    void headSent() {
        head = null;
    }

    ByteBuffer output() {
        return output;
    }

    boolean isLastOutput() {
        return lastOutput;
    }

    boolean hasOutput() {
        return head != null || output.hasRemaining() || lastOutput;
    }

    /// True if it can go on only with DATA that needs a window.
    boolean needsWindow() {
        return head == null && output.hasRemaining();
    }

    /// The last of its frames was made.
    void endOutput() {
        lastOutput = false;
        localEnded = true;
    }

    /// All output was taken.
    void outputTaken() {
        output = NOTHING;
        wakeWriter();
    }

    void dropOutput() {
        head = null;
        output = NOTHING;
        lastOutput = false;
    }

    void writer(@Nullable Thread waiting) {
        writer = waiting;
    }

    private void wakeWriter() {
        if (writer != null) {
            LockSupport.unpark(writer);
        }
    }

    /// The level of the scheduler where it is queued, -1 for none.
    int queuedAt() {
        return level;
    }

    void queuedAt(int urgency) {
        level = urgency;
    }

    int chunk() {
        return chunk;
    }

    /// Sets the most bytes of its DATA frames.
    void chunk(int bytes) {
        chunk = bytes;
    }

    void countSent(int bytes) {
        sentBytes += bytes;
    }

    /// Bytes of its frames that went to the connection's buffer, their headers included.
    long sentBytes() {
        return sentBytes;
    }

    long progressNanos() {
        return progressNanos;
    }

    void progress(long nanos) {
        progressNanos = nanos;
    }
}
