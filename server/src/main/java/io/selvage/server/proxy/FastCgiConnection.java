package io.selvage.server.proxy;

import io.selvage.server.net.Connection;
import io.selvage.server.net.ForwardingConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A connection to a peer that speaks FastCGI, as its responses are read: reads return the content of `STDOUT` records, and the
/// end where the application ends the request. What the application writes to its error stream goes to a [Sink]. Writes are
/// passed through; the caller writes records.
///
/// A record is checked before it is used: its version, its type and its request. The rest of the bytes of a malformed one are
/// never read. The state belongs to the reading thread.
final class FastCgiConnection extends ForwardingConnection {
    private static final int WINDOW = 16 * 1024;
    private static final int IDLE_WINDOW = 16;
    private static final int END_LENGTH = 8;
    private static final int PROTOCOL_STATUS = 4;
    /// Records of the error stream in one response.
    private static final int MOST_ERRORS = 1000;
    /// Bytes of such a record that are logged.
    private static final int MOST_LOGGED = 2048;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /// Gets what the application writes to its error stream.
    @FunctionalInterface
    interface Sink {

        /// @param text one character a byte, without line ends
        /// @param beforeHead true if the head of the response has not been received
        /// @return true if the response is to fail because of it
        boolean take(String text, boolean beforeHead);
    }

    /// A record that is not of the protocol, or a response that fails because of its error stream. The message is what the peer
    /// sent.
    static final class Malformed extends IOException {
        private static final long serialVersionUID = 1;

        Malformed(String sent) {
            super(sent);
        }
    }

    private enum State {
        /// Between two requests.
        IDLE,
        OUTPUT,
        /// The output stream has ended. The end of the request has not been seen, but the connection may end, too.
        OUTPUT_ENDED,
        ENDED
    }

    private ByteBuffer window = NOTHING;                   // unused bytes are between position and limit
    private State state = State.IDLE;
    private int type;                                      // of the current record
    private int content;                                   // bytes of it that are left
    private int padding;
    private int errors;
    private boolean closed;                                // the end of the connection was seen
    private boolean beforeHead;
    private long received;
    private final StringBuilder message = new StringBuilder();
    private Sink sink = (_, _) -> false;
    private @Nullable Malformed malformed;                 // once such a record was seen

    FastCgiConnection(Connection wire) {
        super(wire);
    }

    /// Starts the response to a request.
    void begin(Sink errorStream) {
        sink = errorStream;
        state = State.OUTPUT;
        errors = 0;
        beforeHead = true;
    }

    void headReceived() {
        beforeHead = false;
    }

    /// Ends a response, after which the connection waits for the next request.
    void rest() {
        state = State.IDLE;
        window = NOTHING;
        sink = (_, _) -> false;
    }

    /// Bytes that came from the peer since the connection was opened, heads of records included.
    long received() {
        return received;
    }

    /// True if all output was read and no more can come. Does not wait.
    boolean isAtEnd() {
        return !hasOutput() && malformed == null && (state == State.ENDED || state == State.OUTPUT_ENDED && closed);
    }

    /// True if the application has ended the request and has sent nothing behind that. Does not wait.
    boolean isBetweenRequests() {
        try {
            if (!hasOutput() && malformed == null && state != State.ENDED) {
                fill(below().readNow(roomInWindow()));
            }
            return isAtEnd() && state == State.ENDED && !window.hasRemaining();
        } catch (IOException _) {
            return false;
        }
    }

    @Override
    public int read(ByteBuffer into, Duration patience) throws IOException {
        int count = take(into);
        while (count == 0) {
            fill(below().read(roomInWindow(), patience));
            count = take(into);
        }
        return count;
    }

    @Override
    public int readNow(ByteBuffer into) throws IOException {
        if (state == State.IDLE) {
            return below().readNow(ByteBuffer.allocate(IDLE_WINDOW)) == 0 ? 0 : -1;
        }
        int count = take(into);
        int more = 1;
        while (count == 0 && more != 0) {
            more = below().readNow(roomInWindow());
            fill(more);
            count = take(into);
        }
        return count;
    }

    /// Moves output from the window.
    ///
    /// @return the number of bytes, 0 if more must be read first, -1 at the end
    private int take(ByteBuffer into) throws Malformed {
        int before = into.position();
        while (into.hasRemaining() && hasOutput()) {
            int count = Math.min(Math.min(content, window.remaining()), into.remaining());
            into.put(window.slice(window.position(), count));
            use(count);
        }
        int count = into.position() - before;
        if (count == 0 && malformed != null) {
            throw malformed;
        }
        return count == 0 && isAtEnd() ? -1 : count;
    }

    private ByteBuffer roomInWindow() {
        if (window.capacity() == 0) {
            window = ByteBuffer.allocate(WINDOW);
        } else {
            window.compact();
        }
        return window;
    }

    /// Uses what was read into the window.
    ///
    /// @param count of bytes, -1 for the end of the connection, which must not come before the end of the output
    private void fill(int count) throws IOException {
        window.flip();
        received += Math.max(0, count);
        closed = count < 0;
        if (closed && !isAtEnd()) {
            throw new IOException("the connection ended before the request");
        }
    }

    /// Goes through the records in the window up to the next output.
    ///
    /// @return true if there is some in the window
    private boolean hasOutput() {
        while (malformed == null) {
            if (content > 0) {
                if (isOutput() || !window.hasRemaining()) {
                    return window.hasRemaining();
                }
                useOther();
            } else if (padding > 0) {
                if (!window.hasRemaining()) {
                    return false;
                }
                int count = Math.min(padding, window.remaining());
                window.position(window.position() + count);
                padding -= count;
            } else if (!nextRecord()) {
                return false;
            }
        }
        return false;
    }

    /// Output behind the end of the output stream is dropped.
    private boolean isOutput() {
        return type == FastCgiRecords.STDOUT && state == State.OUTPUT;
    }

    private void use(int count) {
        window.position(window.position() + count);
        content -= count;
    }

    /// Uses content that is no output, as far as it is in the window.
    private void useOther() {
        if (type == FastCgiRecords.END_REQUEST) {
            end();
            return;
        }
        int count = Math.min(content, window.remaining());
        if (type == FastCgiRecords.STDOUT) {
            use(count);
            return;
        }
        int logged = Math.min(count, MOST_LOGGED - message.length());
        byte[] text = new byte[logged];
        window.get(window.position(), text);
        message.append(new String(text, StandardCharsets.ISO_8859_1));
        use(count);
        if (content == 0) {
            logMessage();
        }
    }

    private void logMessage() {
        int end = message.length();
        while (end > 0 && (message.charAt(end - 1) <= ' ' || message.charAt(end - 1) == '.')) {
            end--;
        }
        String text = message.substring(0, end);
        message.setLength(0);
        if (++errors > MOST_ERRORS) {
            malformed = new Malformed("more than " + MOST_ERRORS + " records on its error stream");
        } else if (!text.isEmpty() && sink.take(text, beforeHead)) {
            malformed = new Malformed("an error that fastcgi_catch_stderr names");
        }
    }

    /// Reads one byte of the content of the record that ends the request: of the eight, the fifth is the status of the protocol.
    private void end() {
        int at = END_LENGTH - content;
        int octet = window.get(window.position());
        use(1);
        if (at == PROTOCOL_STATUS && octet != 0) {
            malformed = new Malformed("the end of a request that it did not process, with protocol status " + octet);
        }
        if (content == 0) {
            state = State.ENDED;
        }
    }

    /// Reads the head of the next record.
    ///
    /// @return false if it is not in the window, or no record can follow
    private boolean nextRecord() {
        if (state == State.ENDED || window.remaining() < FastCgiRecords.HEAD) {
            return false;
        }
        int at = window.position();
        int request = twoBytes(at + 2);
        type = window.get(at + 1);
        content = twoBytes(at + 4);
        padding = window.get(at + 6) & 0xff;
        if (window.get(at) != FastCgiRecords.VERSION) {
            malformed = new Malformed("unsupported FastCGI protocol version " + (window.get(at) & 0xff));
        } else if (request != FastCgiRecords.REQUEST) {
            malformed = new Malformed("a FastCGI record of request " + request);
        } else if (type != FastCgiRecords.STDOUT && type != FastCgiRecords.STDERR && type != FastCgiRecords.END_REQUEST) {
            malformed = new Malformed("FastCGI record of type " + type);
        } else if (type == FastCgiRecords.END_REQUEST && content != END_LENGTH) {
            malformed = new Malformed("the end of a FastCGI request in " + content + " bytes");
        } else if (type == FastCgiRecords.STDOUT && content == 0) {
            state = State.OUTPUT_ENDED;
        }
        window.position(at + FastCgiRecords.HEAD);
        return malformed == null;
    }

    private int twoBytes(int at) {
        return (window.get(at) & 0xff) << 8 | window.get(at + 1) & 0xff;
    }

    @Override
    public boolean mayHaveInput() {
        return window.hasRemaining() || below().mayHaveInput();
    }

    /// There is no other protocol to change to.
    @Override
    public void unread(ByteBuffer bytes) {
        throw new IllegalStateException("a FastCGI response is read in order");
    }
}
