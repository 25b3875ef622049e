package io.selvage.loadbalancer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Chooses the usable peer with the fewest leases for its weight. Equal peers take a turn of round robin, which changes nothing
/// for a single one.
record LeastConnectionsChooser(List<Peer> peers) implements Chooser {
    @Override
    public Optional<Peer> choose(Ask ask) {
        List<Peer> least = new ArrayList<>(peers.size());
        for (Peer peer : peers) {
            if (ask.allows(peer)) {
                int load = least.isEmpty() ? 0 : peer.compareLoad(least.getFirst(), ask.nowNanos());
                if (load < 0) {
                    least.clear();
                }
                if (load <= 0) {
                    least.add(peer);
                }
            }
        }
        return new RoundRobinChooser(least).choose(ask);
    }
}
