package io.selvage.loadbalancer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The server on whose point of the [Ring] the key falls, or that of the next points while it has no usable peer.
/// Several peers of one server take turns.
final class ConsistentHashChooser implements Chooser {
    private final List<Chooser> byServer = new ArrayList<>();
    private final Ring ring;

    ConsistentHashChooser(List<Peer> peers) {
        List<Ring.Server> servers = new ArrayList<>();
        peers.stream().collect(Collectors.groupingBy(peer -> peer.spec().server(), LinkedHashMap::new, Collectors.toList()))
                .forEach((name, same) -> {
                    // The points of one name begin alike, so that the longest row of them holds all others.
                    int weight = same.stream().mapToInt(peer -> peer.spec().weight()).max().orElseThrow();
                    servers.add(new Ring.Server(name, weight));
                    byServer.add(new RoundRobinChooser(same));
                });
        ring = new Ring(servers);
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
