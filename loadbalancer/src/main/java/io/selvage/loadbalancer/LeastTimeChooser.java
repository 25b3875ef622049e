package io.selvage.loadbalancer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Chooses the usable peer with the shortest response time, multiplied by its leases and divided by its weight. Equal peers take
/// a turn of round robin.
record LeastTimeChooser(List<Peer> peers, Policy.LeastTime policy) implements Chooser {
    @Override
    public Optional<Peer> choose(Ask ask) {
        List<Peer> least = new ArrayList<>(peers.size());
        for (Peer peer : peers) {
            if (ask.allows(peer)) {
                int slower = least.isEmpty() ? 0 : peer.compareTime(least.getFirst(), policy, ask.nowNanos());
                if (slower < 0) {
                    least.clear();
                }
                if (slower <= 0) {
                    least.add(peer);
                }
            }
        }
        return new RoundRobinChooser(least).choose(ask);
    }
}
