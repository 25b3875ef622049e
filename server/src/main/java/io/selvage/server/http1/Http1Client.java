package io.selvage.server.http1;

import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.DisconnectWatch;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import io.selvage.server.http.Version;
import io.selvage.server.net.Connection;
import io.selvage.server.net.TimedOut;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The client of one connection, through all its requests. Belongs to the connection's thread.
final class Http1Client extends ConnectedClient {
    private final Connection connection;
    private final Output output;
    private final Watch watch = new Watch();
    private int requests;
    private boolean pipelined;                         // the current request
    private Version version = Version.HTTP_1_0;        // of the current request
    private ClientOptions options = ClientOptions.DEFAULT;
    private boolean answering;                         // the final head is on its way

    Http1Client(Connection connection, ClientConnection known, Output output) {
        super(known);
        this.connection = connection;
        this.output = output;
    }

    @Override
    public int requests() {
        return requests;
    }

    @Override
    public boolean pipelined() {
        return pipelined;
    }

    @Override
    public long sent() {
        return output.sent();
    }

    @Override
    public void interim(ResponseHead head) throws Failure {
        if (version == Version.HTTP_1_0 || answering) {
            return;
        }
        try {
            output.write(options.sending().timeout(), HeadWriter.bytes(head));
        } catch (TimedOut e) {
            throw new Failure(Failure.Where.DOWNSTREAM, Failure.What.TIMED_OUT, false,
                    "the client did not take an interim response in time", e);
        } catch (IOException e) {
            throw new Failure(Failure.Where.DOWNSTREAM, Failure.What.CLOSED, false, "the client closed the connection", e);
        }
    }

    @Override
    public DisconnectWatch watch(Runnable gone) {
        watch.current = connection.watch(gone);
        return watch;
    }

    /// The watch of this client: one object for all of them, since there is one at a time.
    private static final class Watch implements DisconnectWatch {
        private Connection.@Nullable Watch current;        // the last one

        @Override
        public boolean isGone() {
            return current != null && current.gone();
        }

        @Override
        public void close() {
            if (current != null) {
                current.close();
            }
        }
    }

    /// Counts a request.
    ///
    /// @param early whether its first bytes were there before the last answer was finished
    void begin(Version spoken, ClientOptions current, boolean early) {
        requests++;
        pipelined = early;
        version = spoken;
        options = current;
        answering = false;
        output.begin();
    }

    /// From here on there are no interim answers.
    void answering() {
        answering = true;
    }

    void send100Continue() throws Failure {
        interim(new ResponseHead(Status.CONTINUE, Headers.EMPTY));
    }
}
