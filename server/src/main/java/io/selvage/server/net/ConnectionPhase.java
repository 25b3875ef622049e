package io.selvage.server.net;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// What a client's connection is doing, and who may close it because of that.
///
/// The serving thread sets the phase. [#drain()] closes a connection that waits for a request. The [ConnectionLimit] closes one
/// that waits for a request, whose request head is incomplete, or that is only read until the client closes it. It never closes
/// a connection while a request body is received or a response is sent.
///
/// Except [#drain()] and [#isBusy()], every public method belongs to the serving thread; with HTTP/2, to a thread that holds the
/// lock of the connection.
public final class ConnectionPhase {
    /*
     *   BUSY --serving thread: idle--> IDLE --serving thread: bytes came--> BUSY
     *   BUSY --serving thread: readsHead--> HEAD --serving thread: the head is complete, or refused--> BUSY
     *   BUSY --serving thread: lingers--> LINGERING --serving thread: a next request can follow--> BUSY
     *   IDLE --drain()--> ENDED
     *   IDLE, HEAD or LINGERING --ReclaimQueue--> ENDED
     *   any --serving thread: end--> ENDED
     *
     * A thread that drains or reclaims it closes the connection. Only the serving thread leaves BUSY, so it does that with a
     * store.
     *
     * A connection that becomes idle during a drain does not stay open:
     * serving thread: sets IDLE, then looks at draining, then waits;
     * drain():        sets draining, then tries IDLE -> ENDED.
     * Store then load on both sides, so at least one sees the other. Tested by DrainRace in perf/src/jcstress.
     */
    private enum Phase { BUSY, IDLE, HEAD, LINGERING, ENDED }

    private static final long NOT_KEPT = Long.MIN_VALUE;

    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.BUSY);
    private volatile boolean draining;
    /// [System#nanoTime] until which an idle connection stays open although it is drained; [#NOT_KEPT] for none. Written by the
    /// serving thread before IDLE, so that a thread that sees IDLE sees it.
    private volatile long keptUntil = NOT_KEPT;

    private final Connection connection;
    private final ConnectionLimit limit;
    private final ReclaimQueue queue;
    private volatile @Nullable Runnable closing;           // how it is closed to make room; null to close it at once

    private boolean lingering;

    // These belong to the queue.
    ReclaimQueue.@Nullable Chain chain;
    @Nullable ConnectionPhase before;
    @Nullable ConnectionPhase behind;
    long sinceNanos;

    ConnectionPhase(Connection connection, ConnectionLimit limit, ReclaimQueue queue) {
        this.connection = connection;
        this.limit = limit;
        this.queue = queue;
    }

    /// The connection waits for a request from now on.
    ///
    /// @param sinceNanos [System#nanoTime] of its last request, or of its start
    /// @return false if it must be closed instead
    public boolean idle(long sinceNanos) {
        keptUntil = NOT_KEPT;
        phase.set(Phase.IDLE);
        queue.add(this, queue.idle(), sinceNanos);
        return !draining;
    }

    /// As [#idle(long)], for a connection that is not closed to make room or by a drain before a time (`keepalive_min_timeout`).
    ///
    /// @param untilNanos that time, [System#nanoTime]
    public void idle(long sinceNanos, long untilNanos) {
        keptUntil = untilNanos;
        phase.set(Phase.IDLE);
        queue.add(this, queue.idle(), sinceNanos);
    }

    /// The connection has a part of a request head.
    ///
    /// @param nanos the current [System#nanoTime]
    public void readsHead(long nanos) {
        phase.set(Phase.HEAD);
        queue.add(this, queue.heads(), nanos);
    }

    /// The response was sent; the rest of what the client sends is read and ignored.
    ///
    /// @param nanos the current [System#nanoTime]
    public void lingers(long nanos) {
        phase.set(Phase.LINGERING);
        if (!lingering) {
            lingering = true;
            limit.lingers(1);
        }
        queue.add(this, queue.idle(), nanos);
    }

    /// A request is processed from now on.
    ///
    /// @return false if the connection was closed in the meantime
    public boolean busy() {
        Phase now = phase.get();
        boolean open = now != Phase.ENDED && phase.compareAndSet(now, Phase.BUSY);
        queue.remove(this);
        lingersNoLonger();
        return open;
    }

    private void lingersNoLonger() {
        if (lingering) {
            lingering = false;
            limit.lingers(-1);
        }
    }

    /// Sets how the connection is closed to make room, instead of at once.
    ///
    /// @param how closes it soon; runs on any thread, and must not wait
    public void closesBy(Runnable how) {
        closing = how;
    }

    /// Counts a request.
    public void countRequest() {
        queue.countRequest();
    }

    /// The limit that counts the connection.
    public ConnectionLimit limit() {
        return limit;
    }

    /// The connection is served no longer.
    public void end() {
        phase.set(Phase.ENDED);
        queue.remove(this);
        lingersNoLonger();
        limit.ended();
    }

    /// Requests the end of the connection after the current exchange; closes it now if it waits for a request. Any thread.
    public void drain() {
        draining = true;
        long until = keptUntil;
        long rest = until == NOT_KEPT ? 0 : until - System.nanoTime();
        if (rest <= 0) {
            closeIfIdle();
        } else {
            Thread.ofVirtual().name("selvage-keepalive-min").start(() -> closeLater(until));
        }
    }

    private void closeIfIdle() {
        if (phase.compareAndSet(Phase.IDLE, Phase.ENDED)) {
            connection.close();
        }
    }

    /// Closes the connection at a time if it waits for a request then. If it has become idle again since, its thread has seen
    /// the drain, and does not wait for longer than the connection is kept.
    private void closeLater(long until) {
        try {
            Thread.sleep(Duration.ofNanos(Math.max(0, until - System.nanoTime())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (keptUntil == until) {
            closeIfIdle();
        }
    }

    /// True while a request is processed, its body received or its response sent. Any thread.
    public boolean isBusy() {
        return phase.get() == Phase.BUSY;
    }

    /// True if the connection must not wait for another request: it is drained, or another connection waits for its place.
    public boolean isLast() {
        return draining || limit.isWaitedFor();
    }

    /// The timeout that applies to a wait of this connection for the client. While few places are free it is shorter than the
    /// configured one; see [ConnectionLimit]. A drained connection waits for a request no longer than it is kept.
    public Duration shortened(Duration timeout) {
        Duration shortened = limit.shortened(timeout);
        if (!draining || keptUntil == NOT_KEPT || phase.get() != Phase.IDLE) {
            return shortened;
        }
        Duration kept = Duration.ofNanos(Math.max(1, keptUntil - System.nanoTime()));
        return kept.compareTo(shortened) < 0 ? kept : shortened;
    }

    /// True if the connection must not be closed yet to make room.
    boolean isKept() {
        long until = keptUntil;
        return until != NOT_KEPT && until - System.nanoTime() > 0;
    }

    /// Called by the queue: ends the connection unless a request is processed.
    ///
    /// @return true if the caller must close it
    boolean reclaim() {
        Phase now = phase.get();
        limit.beginReclaim();
        boolean reclaimed = now != Phase.BUSY && now != Phase.ENDED && phase.compareAndSet(now, Phase.ENDED);
        if (!reclaimed) {
            limit.cancelReclaim();
        }
        return reclaimed;
    }

    void close() {
        Runnable how = closing;
        if (how == null) {
            connection.close();
        } else {
            how.run();
        }
    }
}
