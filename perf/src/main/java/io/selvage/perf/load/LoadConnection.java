package io.selvage.perf.load;

import io.selvage.perf.http.Request;
import io.selvage.perf.http.ResponseParser;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/// One connection of the generator, and the exchange that it carries, if any. Belongs to one event loop.
///
///     CLOSED --> CONNECTING --> IDLE <--> BUSY     with an exchange to carry, CONNECTING leads straight to BUSY
///                                         BUSY --> LINGERING     a connection per request waits for the server to close
///
/// Every failure leads to CLOSED.
final class LoadConnection {
    enum State { CLOSED, CONNECTING, IDLE, BUSY, LINGERING }

    /// The result of a step.
    enum Turn {
        /// The exchange continues.
        PENDING,
        /// A complete answer; the exchange waits for [#rest] or [#linger].
        ANSWERED,
        /// The exchange failed; [#problem] has the reason. The socket is closed.
        FAILED,
        /// The server closed a connection that carried no exchange.
        ENDED
    }

    private record Link(Wire wire, SelectionKey key) {
    }

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Selector selector;
    private final SocketAddress address;
    private final @Nullable TlsClient tls;
    private final ResponseParser parser = new ResponseParser();
    private State state = State.CLOSED;
    /// Null in state CLOSED.
    private @Nullable Link link;
    /// Null if there is no exchange.
    private @Nullable Request request;
    private ByteBuffer out = NOTHING;
    private long due;
    private long since;
    private boolean ended;
    private LoadProblem problem = LoadProblem.REFUSED;

    /// @param tls makes the connection an encrypted one; null for a plain one
    LoadConnection(Selector selector, SocketAddress address, @Nullable TlsClient tls) {
        this.selector = selector;
        this.address = address;
        this.tls = tls;
    }

    State state() {
        return state;
    }

    /// The current exchange. Must not be called without one.
    Request request() {
        if (request == null) {
            throw new IllegalStateException("no exchange");
        }
        return request;
    }

    boolean carries() {
        return request != null;
    }

    /// The intended start of the exchange, by [System#nanoTime].
    long due() {
        return due;
    }

    /// The actual start of the exchange, or of the current wait.
    long since() {
        return since;
    }

    ResponseParser answer() {
        return parser;
    }

    LoadProblem problem() {
        return problem;
    }

    /// Starts an exchange and sends as much of it as possible without waiting. Opens the connection if it is closed.
    Turn begin(Request next, ByteBuffer bytes, long dueNanos, long now) {
        request = next;
        due = dueNanos;
        out = bytes;
        parser.begin(next.method().equals("HEAD"));
        if (state == State.CLOSED) {
            return open(now);
        }
        since = now;
        state = State.BUSY;
        return write();
    }

    /// Starts to connect.
    Turn open(long now) {
        since = now;
        ended = false;
        try {
            boolean tcp = address instanceof InetSocketAddress;
            SocketChannel channel = tcp ? SocketChannel.open() : SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.configureBlocking(false);
                if (tcp) {
                    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                }
                boolean connected = channel.connect(address);
                link = new Link(tls == null ? new PlainWire(channel) : new TlsWire(channel, tls), channel.register(selector,
                        connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, this));
                state = State.CONNECTING;
                return connected ? connect(link.wire) : Turn.PENDING;
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            return failed(LoadProblem.REFUSED);
        }
    }

    /// Handles the readiness of the socket. `scratch` is overwritten.
    Turn advance(ByteBuffer scratch) {
        if (link == null) {
            return Turn.PENDING;
        }
        if (state == State.CONNECTING) {
            return connect(link.wire);
        }
        if ((out.hasRemaining() || link.wire.isBlocked()) && write() == Turn.FAILED) {
            return Turn.FAILED;
        }
        return read(link.wire, scratch);
    }

    private Turn connect(Wire wire) {
        try {
            if (wire.connect()) {
                return connected();
            }
            if (wire.channel().isConnected()) {
                watch(wire.isBlocked() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
            }
            return Turn.PENDING;
        } catch (IOException e) {
            return failed(LoadProblem.REFUSED);
        }
    }

    /// Ends the exchange. Keeps the connection for another one, or closes it if it cannot carry one.
    void rest() {
        request = null;
        state = State.IDLE;
        if (ended || out.hasRemaining() || link == null || link.wire.isBlocked() || !parser.keepsAlive()) {
            close();
        }
    }

    /// Ends the exchange and lets the server close, so that the TIME_WAIT entry is on the side of the server.
    void linger(long now) {
        request = null;
        since = now;
        state = State.LINGERING;
        if (ended) {
            close();
        }
    }

    /// Closes the socket and forgets the exchange.
    void close() {
        request = null;
        out = NOTHING;
        state = State.CLOSED;
        if (link != null) {
            link.wire.close();
            link = null;
        }
    }

    private Turn connected() {
        if (request == null) {
            state = State.IDLE;
            watch(SelectionKey.OP_READ);
            return Turn.PENDING;
        }
        state = State.BUSY;
        return write();
    }

    private Turn write() {
        if (link == null) {
            return Turn.PENDING;
        }
        try {
            link.wire.write(out);
            watch(link.wire.isBlocked() ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
            return Turn.PENDING;
        } catch (IOException e) {
            return failed(LoadProblem.RESET);
        }
    }

    private Turn read(Wire wire, ByteBuffer scratch) {
        try {
            while (true) {
                scratch.clear();
                int count = wire.read(scratch);
                if (count < 0) {
                    return end();
                }
                if (count == 0) {
                    return Turn.PENDING;
                }
                scratch.flip();
                Turn turn = request == null ? failed(LoadProblem.MALFORMED) : take(scratch);
                if (turn != Turn.PENDING || wire.isDrained()) {
                    return turn;
                }
            }
        } catch (IOException e) {
            return request == null ? Turn.ENDED : failed(LoadProblem.RESET);
        }
    }

    private Turn take(ByteBuffer bytes) {
        return switch (parser.feed(bytes)) {
            case MORE -> Turn.PENDING;
            case DONE -> bytes.hasRemaining() ? failed(LoadProblem.MALFORMED) : Turn.ANSWERED;
            case MALFORMED -> failed(LoadProblem.MALFORMED);
        };
    }

    private Turn end() {
        ended = true;
        if (request == null) {
            return Turn.ENDED;
        }
        return parser.end() == ResponseParser.Progress.DONE ? Turn.ANSWERED : failed(LoadProblem.SHORT);
    }

    private Turn failed(LoadProblem what) {
        problem = what;
        return Turn.FAILED;
    }

    /// Changes the interest of the selection key, if it differs.
    private void watch(int operations) {
        if (link != null && link.key.interestOps() != operations) {
            link.key.interestOps(operations);
        }
    }
}
