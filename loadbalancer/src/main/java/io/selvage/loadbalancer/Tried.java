package io.selvage.loadbalancer;

import java.util.BitSet;

/// The peers which one request has been given so far, so that none is given twice. It belongs to one [Upstream]
/// and to one request, and is used by one thread at a time.
public final class Tried {
    private final BitSet peers = new BitSet();
    private int tries;

    /// How many leases this request has had.
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
