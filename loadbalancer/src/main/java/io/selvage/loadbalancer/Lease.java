package io.selvage.loadbalancer;

import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// One reserved attempt at a peer. It counts for `max_conns` until it is closed, and takes one verdict: [#succeeded] or
/// [#failed].
///
/// A lease that is closed without a verdict, for example because the client disconnected, does not affect the health of its peer.
/// Safe for any number of threads.
public final class Lease implements AutoCloseable {
    private final Peer peer;
    private final UpstreamState monitor;
    private final LongSupplier nanoClock;

    private final boolean measured;
    private final @Nullable Outliers outliers;
    private final boolean wasAlone;
    private final long startNanos;                         // 0 if no time is measured

    private int status;       // of the response; guarded by monitor
    private boolean answered; // the head has come, or there will be none; only if measured; guarded by monitor
    private boolean judged;   // guarded by monitor
    private boolean closed;   // guarded by monitor

    /// @param measured true if the policy asks for the times of responses
    /// @param outliers gets to know how it ends; null if the upstream does not detect outliers
    Lease(Peer peer, UpstreamState monitor, LongSupplier nanoClock, boolean measured, @Nullable Outliers outliers) {
        this.measured = measured || peer.isAdaptive();
        this.wasAlone = peer.inFlight() == 1;
        this.outliers = outliers;
        this.startNanos = this.measured || outliers != null && outliers.measuresTime() ? nanoClock.getAsLong() : 0;
        this.peer = peer;
        this.monitor = monitor;
        this.nanoClock = nanoClock;
        if (this.measured) {
            peer.began(startNanos);
        }
    }

    /// The address to connect to.
    public String address() {
        return peer.spec().address();
    }

    /// The configuration of the peer.
    public PeerSpec peer() {
        return peer.spec();
    }

    /// By what requests are bound to the peer.
    public String peerId() {
        synchronized (monitor) {
            return peer.id();
        }
    }

    /// Reports that the head of a response was received. Does nothing where no policy asks for times, and nobody detects
    /// outliers.
    ///
    /// @param received its status
    public void headReceived(int received) {
        if (measured) {
            synchronized (monitor) {
                long now = nanoClock.getAsLong();
                peer.headReceived(now - startNanos, wasAlone, now);
                answeredOrEnded();
            }
        }
        if (outliers != null) {
            synchronized (monitor) {
                status = received;
                if (outliers.measuresTime()) {
                    outliers.headReceived(peer, nanoClock.getAsLong() - startNanos);
                }
            }
        }
    }

    /// Reports that a whole response was received. Does nothing where no policy asks for times.
    public void responseReceived() {
        if (measured) {
            synchronized (monitor) {
                long now = nanoClock.getAsLong();
                peer.times().took(ResponseTimes.Until.LAST_BYTE, now - startNanos, now);
            }
        }
    }

    /// Reports that the peer answered. Only the first verdict of a lease counts.
    public void succeeded() {
        List<QueuePlace> woken = List.of();
        synchronized (monitor) {
            if (!judged) {
                judged = true;
                peer.succeeded(nanoClock);
                judged(false);
                woken = serveQueue();                      // a peer on trial may be usable for all now
            }
        }
        QueuePlace.wake(woken);
    }

    /// Reports that the peer failed, which counts for `max_fails`. Only the first verdict of a lease counts.
    public void failed() {
        synchronized (monitor) {
            if (!judged) {
                judged = true;
                long now = nanoClock.getAsLong();
                peer.failed(now);
                if (measured) {
                    peer.failedAfter(now - startNanos, now);
                }
                judged(true);
            }
        }
    }

    private void judged(boolean failed) {
        if (outliers != null) {
            outliers.ended(peer, failed, status, nanoClock.getAsLong());
        }
    }

    /// Releases the reservation, and gives the place to a request that waits. Further calls have no effect.
    @Override
    public void close() {
        List<QueuePlace> woken = List.of();
        synchronized (monitor) {
            if (!closed) {
                closed = true;
                if (measured) {
                    peer.times().ended(startNanos);
                    answeredOrEnded();
                }
                peer.released();
                woken = serveQueue();
            }
        }
        QueuePlace.wake(woken);
    }

    private void answeredOrEnded() {
        if (!answered) {
            answered = true;
            peer.answeredOrEnded(startNanos);
        }
    }

    private List<QueuePlace> serveQueue() {
        return monitor.queue().isEmpty() ? List.of() : monitor.queue().serve(nanoClock.getAsLong());
    }
}
