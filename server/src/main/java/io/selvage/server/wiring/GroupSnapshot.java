package io.selvage.server.wiring;

import io.selvage.loadbalancer.Policy;
import io.selvage.loadbalancer.UpstreamSnapshot;
import io.selvage.server.proxy.PeerGroup;
import java.util.List;

/// An upstream at one moment, for display.
///
/// @param name of `upstream`, or the address that is passed to directly
/// @param idleConnections connections to its peers that wait for another request
public record GroupSnapshot(String name, Policy policy, int idleConnections, List<UpstreamSnapshot> peers) {
    public GroupSnapshot {
        peers = List.copyOf(peers);
    }

    static GroupSnapshot of(PeerGroup group) {
        return new GroupSnapshot(group.name(), group.upstream().spec().policy(), group.idleConnections(),
                group.upstream().snapshot());
    }
}
