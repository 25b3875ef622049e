package io.selvage.loadbalancer;

import java.util.List;
import java.util.Optional;

/// Consistent hashing with bounded loads: as [ConsistentHashChooser], but no peer gets more than `factor` times the average of
/// leases for its weight. A key whose server has that many goes to the next server on the ring.
///
/// After 21 places without a peer, the one with the fewest leases for its weight is chosen. It is within the bound, because it
/// is not above the average. The algorithm is that of Mirrokni, Thorup and Zadimoghaddam (2016), as in haproxy and Envoy.
final class BoundedHashChooser implements Chooser {
    private final List<Peer> peers;
    private final double factor;
    private final ServerRing ring;
    private final Chooser least;

    /// @param factor from 1
    BoundedHashChooser(List<Peer> peers, double factor) {
        this.peers = peers;
        this.factor = factor;
        this.ring = new ServerRing(peers);
        this.least = new LeastConnectionsChooser(peers);
    }

    @Override
    public Optional<Peer> choose(Ask ask) {
        if (ask.key().length == 0) {
            return Optional.empty();
        }
        double mostPerWeight = mostPerWeight(ask);
        int place = ring.placeOf(ask.key());
        for (int rejected = 0; rejected <= MOST_REJECTED; rejected++) {
            for (Peer peer : ring.servers().get(ring.ownerAt(place + rejected))) {
                if (ask.allows(peer) && peer.inFlight() + 1 <= Math.ceil(mostPerWeight * peer.spec().weight())) {
                    return Optional.of(peer);
                }
            }
        }
        return least.choose(ask);
    }

    /// The bound for a peer of weight 1, with this request.
    private double mostPerWeight(Ask ask) {
        long leases = 1;
        long weights = 0;
        for (Peer peer : peers) {
            if (ask.allows(peer)) {
                leases += peer.inFlight();
                weights += peer.spec().weight();
            }
        }
        return weights == 0 ? 0 : factor * leases / weights;
    }
}
