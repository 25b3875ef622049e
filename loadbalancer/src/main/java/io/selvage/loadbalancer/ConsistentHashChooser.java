package io.selvage.loadbalancer;

import java.util.List;
import java.util.Optional;

/// Chooses the server that owns the key's point on the [Ring], or the owner of the next points if it has no usable peer. Several
/// peers of one server take turns.
final class ConsistentHashChooser implements Chooser {
    private final ServerRing ring;
    private final List<RoundRobinChooser> byServer;

    ConsistentHashChooser(List<Peer> peers) {
        ring = new ServerRing(peers);
        byServer = ring.servers().stream().map(RoundRobinChooser::new).toList();
    }

    @Override
    public Optional<Peer> choose(Ask ask) {
        if (ask.key().length == 0) {
            return Optional.empty();
        }
        int place = ring.placeOf(ask.key());
        for (int rejected = 0; rejected <= MOST_REJECTED; rejected++) {
            Optional<Peer> peer = byServer.get(ring.ownerAt(place + rejected)).choose(ask);
            if (peer.isPresent()) {
                return peer;
            }
        }
        return Optional.empty();
    }
}
