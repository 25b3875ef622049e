package io.selvage.loadbalancer;

import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Chooses a usable peer at random, in proportion to weight.
final class RandomChooser implements Chooser {
    private final Shares shares;
    private final RandomGenerator random;

    RandomChooser(List<Peer> peers, RandomGenerator random) {
        this.shares = new Shares(peers);
        this.random = random;
    }

    @Override
    public Optional<Peer> choose(Ask ask) {
        for (int rejected = 0; rejected <= MOST_REJECTED; rejected++) {
            Peer peer = shares.at(random.nextInt(shares.total()));
            if (ask.allows(peer)) {
                return Optional.of(peer);
            }
        }
        return Optional.empty();
    }
}
