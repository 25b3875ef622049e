package io.selvage.loadbalancer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// Chooses the server that owns the key's point on the [Ring], or the owner of the next points if it has no usable peer. Several
/// peers of one server take turns.
final class ConsistentHashChooser implements Chooser {
    private final List<Chooser> byServer = new ArrayList<>();
    private final Ring ring;

    ConsistentHashChooser(List<Peer> peers) {
        List<Ring.Server> servers = new ArrayList<>();
        peers.stream().collect(Collectors.groupingBy(peer -> peer.spec().server(), LinkedHashMap::new, Collectors.toList()))
                .forEach((name, same) -> {
                    // All addresses of one name have the same sequence of points; the largest weight gives the longest sequence.
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
