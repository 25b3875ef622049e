package io.selvage.loadbalancer;

import java.util.function.LongSupplier;

/// One reserved attempt on a peer. It holds a place of `max_conns` until it is closed, and may say once how it went.
///
/// A lease that is closed without a verdict, because the client went away for example, says nothing about its peer.
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

    /// Where to connect.
    public String address() {
        return peer.spec().address();
    }

    public PeerSpec peer() {
        return peer.spec();
    }

    /// The peer answered. Only the first verdict of a lease counts.
    public void succeeded() {
        synchronized (monitor) {
            if (!judged) {
                judged = true;
                peer.succeeded();
            }
        }
    }

    /// The peer failed, which counts for `max_fails`. Only the first verdict of a lease counts.
    public void failed() {
        synchronized (monitor) {
            if (!judged) {
                judged = true;
                peer.failed(nanoClock.getAsLong());
            }
        }
    }

    /// Gives the place back. Closing again does nothing.
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
