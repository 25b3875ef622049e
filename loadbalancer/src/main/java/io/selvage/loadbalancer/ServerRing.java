package io.selvage.loadbalancer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;

/// A [Ring] of configured servers, each with the peers that its name stands for.
final class ServerRing {
    private final List<List<Peer>> byServer = new ArrayList<>();
    private final Ring ring;

    ServerRing(List<Peer> peers) {
        List<Ring.Server> servers = new ArrayList<>();
        peers.stream().collect(Collectors.groupingBy(peer -> peer.spec().server(), LinkedHashMap::new, Collectors.toList()))
                .forEach((name, same) -> {
                    // All addresses of one name have the same sequence of points; the largest weight gives the longest sequence.
                    int weight = same.stream().mapToInt(peer -> peer.spec().weight()).max().orElseThrow();
                    servers.add(new Ring.Server(name, weight));
                    byServer.add(same);
                });
        ring = new Ring(servers);
    }

    /// The peers of each server, by its number.
    List<List<Peer>> servers() {
        return byServer;
    }

    /// The place of a key.
    int placeOf(byte[] key) {
        return ring.placeOf(key);
    }

    /// The number of the server that owns a place. Places beyond the last one wrap around.
    int ownerAt(int place) {
        return ring.ownerAt(place);
    }
}
