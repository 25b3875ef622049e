package io.selvage.server.tls;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// Random keys for session tickets that are replaced in time, so that a ticket is worth nothing when its session has timed out.
/// BoringSSL applies the timeout to TLS 1.2 only: it would resume a session of TLS 1.3 for two days.
///
/// A key encrypts for a quarter of the timeout and then decrypts for the timeout, until the next change of keys; so a session can
/// be resumed for the timeout, and at most half of it longer. Any thread; never waits.
final class TicketKeyRing {
    private static final int PERIODS = 4;

    private final long timeoutNanos;
    private final long periodNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Dated> keys = new ArrayList<>();    // with the lock; the newest first
    private volatile long dueNanos;                        // written with the lock

    private record Dated(TicketKey key, long bornNanos) {
    }

    /// @param timeout of sessions
    TicketKeyRing(Duration timeout, long nowNanos) {
        timeoutNanos = timeout.toNanos();
        periodNanos = Math.max(1, timeoutNanos / PERIODS);
        dueNanos = nowNanos;
    }

    /// The keys that are to be used from now on, if they differ from those before: the first encrypts, all decrypt.
    Optional<List<TicketKey>> changed(long nowNanos) {
        if (nowNanos - dueNanos < 0 || !lock.tryLock()) {
            return Optional.empty();
        }
        try {
            if (nowNanos - dueNanos < 0) {
                return Optional.empty();
            }
            keys.removeIf(old -> nowNanos - old.bornNanos > periodNanos + timeoutNanos);
            keys.addFirst(new Dated(TicketKey.random(), nowNanos));
            dueNanos = nowNanos + periodNanos;
            return Optional.of(keys.stream().map(Dated::key).toList());
        } finally {
            lock.unlock();
        }
    }
}
