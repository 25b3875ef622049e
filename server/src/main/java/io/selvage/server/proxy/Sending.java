package io.selvage.server.proxy;

import io.selvage.server.http.Failure;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A request on its way to a peer. Part of it may be sent by another thread, because a peer can answer before it has
/// read everything.
final class Sending {
    /// All of it has gone, or will never.
    static final Sending OVER = new Sending();

    private final @Nullable Thread thread;                 // none where nothing is under way
    private volatile @Nullable Failure failure;            // set by that thread at its end

    private Sending() {
        thread = null;
    }

    /// Goes on with the rest on a thread of its own, until it is done or the connection is closed.
    Sending(Step rest) {
        thread = Thread.startVirtualThread(() -> {
            try {
                rest.run();
            } catch (Failure e) {
                failure = e;
            }
        });
    }

    /// The rest of a request.
    @FunctionalInterface
    interface Step {
        void run() throws Failure;
    }

    /// Waits for the end, which the caller has brought about by closing the connection.
    ///
    /// @return why it could not be sent in full
    Optional<Failure> ended() {
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
