package io.selvage.loadbalancer;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// The peers that one request has had, so that it gets none twice. An instance belongs to one [Upstream] and one request; one
/// thread at a time may use it.
public final class Tried {
    private long first;                                    // a bit for each of the first peers of the upstream
    private @Nullable BitSet others;                       // once one of the others was tried
    private int tries;

    /// The number of leases that the request has had.
    public int tries() {
        return tries;
    }

    boolean contains(Peer peer) {
        int index = peer.index();
        return index < Long.SIZE ? (first & 1L << index) != 0 : others != null && others.get(index);
    }

    void add(Peer peer) {
        int index = peer.index();
        if (index < Long.SIZE) {
            first |= 1L << index;
        } else {
            BitSet known = others == null ? new BitSet() : others;
            known.set(index);
            others = known;
        }
        tries++;
    }
}
