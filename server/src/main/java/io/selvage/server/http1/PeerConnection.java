package io.selvage.server.http1;

import io.selvage.server.net.Connection;
import java.io.IOException;

/// One connection to a peer with its read buffer, for any number of calls, one after another. Belongs to one thread at a time; a
/// pool must hand it over with a happens-before relation.
public final class PeerConnection implements AutoCloseable {
    private static final int IDLE_BUFFER = 16;
    private static final FieldRules NO_RULES = FieldRules.ofPeer(0);

    private final Connection connection;
    private final String address;
    private final String pool;
    private final Input input;
    private final long openedNanos = System.nanoTime();
    private final ResponseHeadParser heads = new ResponseHeadParser(NO_RULES);
    private FieldRules rules = NO_RULES;               // of the last call
    private int rulesOf;                               // the most bytes of a head by these rules
    private int exchanges;
    private boolean clean = true;              // between two messages, as far as the last call can see

    /// A connection whose address is its [#pool] as well.
    public PeerConnection(Connection connection, String address) {
        this(connection, address, address);
    }

    /// @param address of the peer, as configured
    /// @param pool the key of the connections that it may be exchanged for while it is idle
    public PeerConnection(Connection connection, String address, String pool) {
        this.connection = connection;
        this.address = address;
        this.pool = pool;
        this.input = new Input(connection, IDLE_BUFFER);
    }

    /// The address as configured.
    public String address() {
        return address;
    }

    /// The key of the connections that it may be exchanged for while it is idle.
    public String pool() {
        return pool;
    }

    /// The connection below, which this object owns. Bytes that were read ahead are not in it any more.
    public Connection connection() {
        return connection;
    }

    /// The number of calls that were started on it.
    public int exchanges() {
        return exchanges;
    }

    /// [System#nanoTime()] when it was opened.
    public long openedNanos() {
        return openedNanos;
    }

    /// True if another call may use it: the last call left it between two messages, and nothing has come since, neither bytes
    /// nor the end (RFC 9112 §9.2). Bytes that a peer sent unasked would be taken for the response to the next request. So this
    /// reads once without waiting where the event loop may not have reported them yet.
    public boolean isReusable() {
        try {
            return clean && connection.isOpen() && input.isEmpty()
                    && (!connection.mayHaveInput() || input.fillNow(IDLE_BUFFER) == 0);
        } catch (IOException _) {
            return false;
        }
    }

    /// Closes it, on the thread to which it belongs. Another thread may only abort [#connection].
    @Override
    public void close() {
        clean = false;
        connection.close();
        input.drop();
    }

    Input input() {
        return input;
    }

    /// The parser of the heads that come on it.
    ResponseHeadParser heads() {
        return heads;
    }

    /// The rules for fields of heads that have at most so many bytes. They are made again only when that differs from the last
    /// call.
    FieldRules rules(int maxHeadBytes) {
        if (maxHeadBytes != rulesOf) {
            rules = FieldRules.ofPeer(maxHeadBytes);
            rulesOf = maxHeadBytes;
        }
        return rules;
    }

    void markInUse() {
        exchanges++;
        clean = false;
    }

    void markReusable() {
        clean = true;
        input.rest();
    }
}
