package io.selvage.perf.race;

import java.io.IOException;
import java.time.Duration;

/// The application behind the targets of a race, on a loopback port of its own. It takes requests without a body and gives
/// each the same answer. Closing it ends its threads.
sealed interface TestPeer extends AutoCloseable permits FastPeer, SyncPeer, TestPeer.Nobody {
    /// What a scenario asks for.
    sealed interface Spec {
        /// No application.
        record None() implements Spec {
        }

        /// One that answers at once, by HTTP/1.1 over kept-alive connections or by uwsgi, with this many bytes.
        record Fast(boolean uwsgi, int length) implements Spec {
        }

        /// One with so many workers, each of which takes a connection, is busy for `delay`, answers and closes.
        record Sync(int workers, Duration delay, int length) implements Spec {
        }
    }

    /// Stands where no application is.
    record Nobody() implements TestPeer {
        @Override
        public int port() {
            return 0;
        }

        @Override
        public void close() {
        }
    }

    /// The port it listens on, 0 when there is none.
    int port();

    @Override
    void close() throws IOException;

    /// Starts what `spec` asks for.
    static TestPeer start(Spec spec) throws IOException {
        return switch (spec) {
            case Spec.None() -> new Nobody();
            case Spec.Fast(boolean uwsgi, int length) -> new FastPeer(uwsgi, length);
            case Spec.Sync(int workers, Duration delay, int length) -> new SyncPeer(workers, delay, length);
        };
    }
}
