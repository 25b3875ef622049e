package io.selvage.server.wiring;

import io.selvage.loadbalancer.Policy;
import io.selvage.loadbalancer.QueueSnapshot;
import io.selvage.loadbalancer.UpstreamOverrides;
import io.selvage.loadbalancer.UpstreamSnapshot;
import io.selvage.server.proxy.PeerGroup;
import java.util.List;

/// An upstream at one moment, for display.
///
/// @param name of `upstream`, or the address that is passed to directly
/// @param revision changes with every configuration and every change of an operator
/// @param idleConnections connections to its peers that wait for another request
/// @param queue of requests that wait for a peer
/// @param overrides what an operator has changed
public record GroupSnapshot(String name, Policy policy, String revision, int idleConnections, List<UpstreamSnapshot> peers,
        QueueSnapshot queue, UpstreamOverrides overrides) {
    public GroupSnapshot {
        peers = List.copyOf(peers);
    }

    /// @param generation the number of the configuration
    static GroupSnapshot of(PeerGroup group, UpstreamOverrides overrides, int generation) {
        return new GroupSnapshot(group.name(), group.upstream().spec().policy(), generation + "." + overrides.revision(),
                group.idleConnections(), group.upstream().snapshot(), group.upstream().queueSnapshot(), overrides);
    }
}
