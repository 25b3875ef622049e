package io.selvage.perf.race;

import java.io.IOException;
import java.time.Duration;

/// The application behind one target of a race, on its own loopback port. It accepts requests without a body and gives each the
/// same answer. Closing it ends its threads.
sealed interface TestPeer extends AutoCloseable permits FastPeer, SyncPeer, TestPeer.Nobody {
    /// The kind of application in a scenario.
    sealed interface Spec {
        /// No application.
        record None() implements Spec {
        }

        /// An application that answers at once with this many bytes, by HTTP/1.1 over kept-alive connections or by uwsgi.
        record Fast(boolean uwsgi, int length) implements Spec {
        }

        /// An application with this many workers, each of which accepts a connection, is busy for `delay`, answers and closes.
        record Sync(int workers, Duration delay, int length) implements Spec {
        }
    }

    /// No application.
    record Nobody() implements TestPeer {
        @Override
        public int port() {
            return 0;
        }

        @Override
        public void close() {
        }
    }

    /// The port; 0 if there is none.
    int port();

    /// Waits until no request waits for an answer, for at most this time. Requests that the target has abandoned count as well.
    ///
    /// @return false if some are left
    default boolean awaitIdle(Duration most) throws InterruptedException {
        return true;
    }

    @Override
    void close() throws IOException;

    /// Starts the application that `spec` describes.
    static TestPeer start(Spec spec) throws IOException {
        return switch (spec) {
            case Spec.None() -> new Nobody();
            case Spec.Fast(boolean uwsgi, int length) -> new FastPeer(uwsgi, length);
            case Spec.Sync(int workers, Duration delay, int length) -> new SyncPeer(workers, delay, length);
        };
    }
}
