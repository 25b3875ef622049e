package io.selvage.loadbalancer;

import java.util.List;

/// Maps numbers to peers: each peer owns as many consecutive numbers as its weight. Unusable peers keep their numbers, so a
/// number always means the same peer.
final class Shares {
    private final List<Peer> peers;
    private final int total;

    Shares(List<Peer> peers) {
        this.peers = peers;
        this.total = peers.stream().mapToInt(peer -> peer.spec().weight()).sum();
    }

    int total() {
        return total;
    }

    /// @param place 0 or more and less than `total()`
    Peer at(int place) {
        int left = place;
        for (Peer peer : peers) {
            left -= peer.spec().weight();
            if (left < 0) {
                return peer;
            }
        }
        throw new IndexOutOfBoundsException(place + " of " + total);
    }
}
