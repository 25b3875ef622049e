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

    private boolean judged;   // guarded by monitor
    private boolean closed;   // guarded by monitor

    Lease(Peer peer, UpstreamState monitor, LongSupplier nanoClock) {
        this.peer = peer;
        this.monitor = monitor;
        this.nanoClock = nanoClock;
    }

    /// The address to connect to.
    public String address() {
        return peer.spec().address();
    }

    /// The configuration of the peer.
    public PeerSpec peer() {
        return peer.spec();
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
                peer.released();
            }
        }
    }
}
