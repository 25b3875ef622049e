package io.selvage.loadbalancer;

import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Draws two different usable peers at random, in proportion to weight, and chooses the one with fewer leases for its weight; the
/// second if they are equal.
final class RandomTwoChooser implements Chooser {
    private final Shares shares;
    private final RandomGenerator random;

    RandomTwoChooser(List<Peer> peers, RandomGenerator random) {
        this.shares = new Shares(peers);
        this.random = random;
    }

    @Override
    public Optional<Peer> choose(Ask ask) {
        @Nullable Peer first = null;
        int rejected = 0;
        while (rejected <= MOST_REJECTED) {
            Peer peer = shares.at(random.nextInt(shares.total()));
            if (peer == first || !ask.allows(peer)) {
                rejected++;
            } else if (first == null) {
                first = peer;
            } else {
                return Optional.of(first.compareLoad(peer) < 0 ? first : peer);
            }
        }
        return Optional.empty();
    }
}
