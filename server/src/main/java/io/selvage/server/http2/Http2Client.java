package io.selvage.server.http2;

import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.DisconnectWatch;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import io.selvage.server.http1.ClientConnection;
import io.selvage.server.http1.ConnectedClient;
import io.selvage.server.net.TimedOut;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The client of one stream. Belongs to the stream's thread.
final class Http2Client extends ConnectedClient {
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Http2Stream stream;
    private final ReentrantLock lock;
    private final ConnectionOutput output;
    private final int requests;
    private final ClientOptions options;
    private @Nullable Exchange exchange;
    private boolean answering;                 // the final head is on its way

    /// @param lock of the connection
    /// @param requests of the connection, with this one
    Http2Client(ClientConnection connection, Http2Stream stream, ReentrantLock lock, ConnectionOutput output, int requests,
            ClientOptions options) {
        super(connection);
        this.stream = stream;
        this.lock = lock;
        this.output = output;
        this.requests = requests;
        this.options = options;
    }

    /// Uses the options of an exchange, which may change while it is handled.
    void belongsTo(Exchange owner) {
        exchange = owner;
    }

    private ClientOptions.Sending sending() {
        return (exchange == null ? options : exchange.routing().options()).sending();
    }

    @Override
    public int requests() {
        return requests;
    }

    @Override
    public long sent() {
        return stream.sentBytes();
    }

    /// From here on there are no interim answers.
    void answering() {
        answering = true;
    }

    void send100Continue() throws Failure {
        interim(new ResponseHead(Status.CONTINUE, Headers.EMPTY));
    }

    @Override
    public void interim(ResponseHead head) throws Failure {
        if (answering) {
            return;
        }
        try {
            output.send(stream, ResponseFields.interim(head), NOTHING, false, sending().timeout());
        } catch (TimedOut e) {
            throw new Failure(Failure.Where.DOWNSTREAM, Failure.What.TIMED_OUT, false,
                    "the client did not take an interim response in time", e);
        } catch (IOException e) {
            throw new Failure(Failure.Where.DOWNSTREAM, Failure.What.CLOSED, false, "the client closed the stream", e);
        }
    }

    @Override
    public DisconnectWatch watch(Runnable gone) {
        lock.lock();
        boolean there;
        try {
            there = stream.watch(gone);
        } finally {
            lock.unlock();
        }
        if (!there) {
            gone.run();
        }
        return new Watch();
    }

    /// A watch for the end of the stream.
    private final class Watch implements DisconnectWatch {
        private boolean gone;                              // once closed

        @Override
        public boolean isGone() {
            return gone || isReset();
        }

        private boolean isReset() {
            lock.lock();
            try {
                return stream.isReset();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                gone = !stream.watch(null);
            } finally {
                lock.unlock();
            }
        }
    }
}
