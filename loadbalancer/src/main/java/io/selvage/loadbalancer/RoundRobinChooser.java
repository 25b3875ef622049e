package io.selvage.loadbalancer;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Smooth weighted round robin: in each turn every usable peer gains its weight; the peer with the highest total (the first of
/// equals) wins and loses the sum of all weights. Weights 5, 1, 1 give `a a b a c a a`.
record RoundRobinChooser(List<Peer> peers) implements Chooser {
    @Override
    public Optional<Peer> choose(Ask ask) {
        @Nullable Peer best = null;
        long total = 0;
        for (Peer peer : peers) {
            if (ask.allows(peer)) {
                total += peer.takePart(ask.nowNanos());
                if (best == null || peer.isAheadOf(best)) {
                    best = peer;
                }
            }
        }
        if (best != null) {
            best.won(total);
        }
        return Optional.ofNullable(best);
    }
}
