package io.selvage.loadbalancer;

import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Draws two different usable peers at random, in proportion to weight, and chooses the one that another policy prefers;
/// the second if they are equal.
final class RandomTwoChooser implements Chooser {
    private final Policy then;
    private final Shares shares;
    private final RandomGenerator random;

    RandomTwoChooser(List<Peer> peers, Policy then, RandomGenerator random) {
        this.then = then;
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
                return Optional.of(compare(first, peer, ask.nowNanos()) < 0 ? first : peer);
            }
        }
        return Optional.empty();
    }

    private int compare(Peer one, Peer other, long nowNanos) {
        return switch (then) {
            case Policy.LeastTime time -> one.compareTime(other, time, nowNanos);
            case Policy.PeakEwmaOfTwo() -> one.comparePeakEwma(other, nowNanos);
            default -> one.compareLoad(other, nowNanos);
        };
    }
}
