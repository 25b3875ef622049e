package io.selvage.loadbalancer;

import java.util.List;
import java.util.Objects;

/// A named group of peers and how one of them is chosen: nginx's `upstream` block after its names were resolved.
///
/// @param name by which live states are found again after a reload
/// @param peers in the order of the configuration; empty when no name resolved yet
public record UpstreamSpec(String name, List<PeerSpec> peers, Policy policy) {
    public UpstreamSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(policy, "policy");
        peers = List.copyOf(peers);
    }

    public UpstreamSpec withPeers(List<PeerSpec> peers) {
        return new UpstreamSpec(name, peers, policy);
    }

    public UpstreamSpec withPolicy(Policy policy) {
        return new UpstreamSpec(name, peers, policy);
    }
}
