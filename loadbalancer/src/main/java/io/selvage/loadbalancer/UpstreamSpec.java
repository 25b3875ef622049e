package io.selvage.loadbalancer;

import java.util.List;
import java.util.Objects;

/// A named group of peers and how one of them is chosen: nginx's `upstream` block after its names were resolved.
///
/// @param name by which live states are found again after a reload
/// @param peers in the order of the configuration; empty when no name resolved yet; their weights add up to
///     [#MOST_WEIGHT] or less
public record UpstreamSpec(String name, List<PeerSpec> peers, Policy policy) {
    /// The most that all weights may add up to; consistent hashing lays 160 points for each.
    public static final int MOST_WEIGHT = 1_000_000;

    public UpstreamSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(policy, "policy");
        peers = List.copyOf(peers);
        long weight = peers.stream().mapToLong(PeerSpec::weight).sum();
        if (weight > MOST_WEIGHT) {
            throw new IllegalArgumentException(
                    "upstream %s: weights must add up to %d or less, were %d".formatted(name, MOST_WEIGHT, weight));
        }
    }

    public UpstreamSpec withPeers(List<PeerSpec> peers) {
        return new UpstreamSpec(name, peers, policy);
    }

    public UpstreamSpec withPolicy(Policy policy) {
        return new UpstreamSpec(name, peers, policy);
    }
}
