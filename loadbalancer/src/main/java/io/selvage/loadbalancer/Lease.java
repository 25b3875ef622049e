package io.selvage.loadbalancer;

import java.util.function.LongSupplier;

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
    private final long startNanos;

    private boolean judged;   // guarded by monitor
    private boolean closed;   // guarded by monitor

    /// @param measured true if the times of its response count
    Lease(Peer peer, UpstreamState monitor, LongSupplier nanoClock, boolean measured) {
        this.measured = measured;
        this.startNanos = measured ? nanoClock.getAsLong() : 0;
        this.peer = peer;
        this.monitor = monitor;
        this.nanoClock = nanoClock;
        if (measured) {
            peer.times().started(startNanos);
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

    /// Reports that the head of a response was received. Does nothing where no policy asks for times.
    public void headReceived() {
        took(ResponseTimes.Until.HEADER);
    }

    /// Reports that a whole response was received. Does nothing where no policy asks for times.
    public void responseReceived() {
        took(ResponseTimes.Until.LAST_BYTE);
    }

    private void took(ResponseTimes.Until until) {
        if (measured) {
            synchronized (monitor) {
                long now = nanoClock.getAsLong();
                peer.times().took(until, now - startNanos, now);
            }
        }
    }

    /// Reports that the peer answered. Only the first verdict of a lease counts.
    public void succeeded() {
        synchronized (monitor) {
            if (!judged) {
                judged = true;
                peer.succeeded();
            }
        }
    }

    /// Reports that the peer failed, which counts for `max_fails`. Only the first verdict of a lease counts.
    public void failed() {
        synchronized (monitor) {
            if (!judged) {
                judged = true;
                peer.failed(nanoClock.getAsLong());
            }
        }
    }

    /// Releases the reservation. Further calls have no effect.
    @Override
    public void close() {
        synchronized (monitor) {
            if (!closed) {
                closed = true;
                if (measured) {
                    peer.times().ended(startNanos);
                }
                peer.released();
            }
        }
    }
}
