package io.selvage.server.http1;

import io.selvage.server.net.Connection;
import java.io.IOException;

/// One connection to a peer with what was read from it, through any number of exchanges. Belongs to one thread at a time; a pool
/// that hands it over must do so with a happens-before.
public final class PeerConnection implements AutoCloseable {
    private static final int RESTING_BYTES = 16;

    private final Connection connection;
    private final String address;
    private final Input input;
    private final long openedNanos = System.nanoTime();
    private int exchanges;
    private boolean clean = true;              // between two messages, as far as the last call knows

    public PeerConnection(Connection connection, String address) {
        this.connection = connection;
        this.address = address;
        this.input = new Input(connection, RESTING_BYTES);
    }

    /// The address as configured.
    public String address() {
        return address;
    }

    public Connection connection() {
        return connection;
    }

    /// How many calls have begun on it. A call that fails on a used connection before a byte of an answer came may have met a
    /// peer that was just closing it (RFC 9112 §9.3.1).
    public int exchanges() {
        return exchanges;
    }

    /// [System#nanoTime()] when it was opened.
    public long openedNanos() {
        return openedNanos;
    }

    /// True if another call may use it: the last one left it between two messages, and nothing has come since, neither
    /// bytes nor the end (RFC 9112 §9.2). One read that does not wait; what an event loop last reported may be older than
    /// bytes that a peer sent unasked, and those would be taken for the answer to the next request.
    public boolean isReusable() {
        try {
            return clean && connection.isOpen() && input.isEmpty() && input.fillNow(RESTING_BYTES) == 0;
        } catch (IOException _) {
            return false;
        }
    }

    /// Closes it; by the thread to which it belongs. Others may close [#connection] alone.
    @Override
    public void close() {
        clean = false;
        connection.close();
        input.drop();
    }

    Input input() {
        return input;
    }

    void began() {
        exchanges++;
        clean = false;
    }

    void ended() {
        clean = true;
        input.rest();
    }
}
