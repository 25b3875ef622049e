package io.selvage.server.proxy;

import io.selvage.server.http.Failure;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The transfer of a request to a peer. A thread of its own may send a part of it, because a peer can respond before it has read
/// everything.
final class RequestTransfer {
    /// Nothing is left to send.
    static final RequestTransfer DONE = new RequestTransfer(null, null);

    private final @Nullable Failure cut;                   // why the peer did not get all, where the caller's thread saw it
    private final @Nullable Thread thread;                 // sends the rest, if there is a rest
    private volatile @Nullable Failure failure;            // set by that thread at its end

    private RequestTransfer(@Nullable Failure cut, @Nullable Step rest) {
        this.cut = cut;
        this.thread = rest == null ? null : Thread.startVirtualThread(() -> send(rest));
    }

    /// The peer closed its connection before it had everything.
    static RequestTransfer cut(Failure why) {
        return new RequestTransfer(why, null);
    }

    /// Starts a thread that sends the rest, until that is done or the connection is closed.
    static RequestTransfer inBackground(Step rest) {
        return new RequestTransfer(null, rest);
    }

    /// Sends a part of a request.
    @FunctionalInterface
    interface Step {
        void run() throws Failure;
    }

    private void send(Step rest) {
        try {
            rest.run();
        } catch (Failure e) {
            failure = e;
        }
    }

    /// True if the peer closed its connection before it had everything.
    boolean wasCut() {
        return cut != null;
    }

    /// The reason why there is no response, where the peer closed its connection: what went wrong first. Waits for the thread,
    /// whose end the caller has brought about by closing the connection.
    Failure cause(Failure closed) {
        if (cut != null) {
            return cut;
        }
        return join().filter(sent -> sent.where() == Failure.Where.DOWNSTREAM || sent.what() != Failure.What.CLOSED)
                .orElse(closed);
    }

    private Optional<Failure> join() {
        if (thread != null) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
        return Optional.ofNullable(failure);
    }
}
