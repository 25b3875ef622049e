package io.selvage.loadbalancer;

import java.util.BitSet;

/// The peers that one request has had, so that it gets none twice. An instance belongs to one [Upstream] and one request; one
/// thread at a time may use it.
public final class Tried {
    private final BitSet peers = new BitSet();
    private int tries;

    /// The number of leases that the request has had.
    public int tries() {
        return tries;
    }

    boolean contains(Peer peer) {
        return peers.get(peer.index());
    }

    void add(Peer peer) {
        peers.set(peer.index());
        tries++;
    }
}
