package io.selvage.loadbalancer;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// A named group of peers and the policy that chooses among them: nginx's `upstream` block after name resolution.
///
/// @param name identifies the live states after a reload
/// @param peers in the order of the configuration; empty while no name is resolved; their weights add up to [#MOST_WEIGHT] at
///     most
/// @param health what takes peers out, besides `max_fails` and `down`
/// @param queue where requests wait while no peer is usable; empty to refuse them at once
public record UpstreamSpec(String name, List<PeerSpec> peers, Policy policy, HealthRules health, Optional<QueueSpec> queue) {
    /// The maximum sum of all weights; consistent hashing computes 160 points for each unit.
    public static final int MOST_WEIGHT = 1_000_000;

    public UpstreamSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(policy, "policy");
        Objects.requireNonNull(health, "health");
        Objects.requireNonNull(queue, "queue");
        peers = List.copyOf(peers);
        long weight = peers.stream().mapToLong(PeerSpec::weight).sum();
        if (weight > MOST_WEIGHT) {
            throw new IllegalArgumentException(
                    "upstream %s: weights must add up to %d or less, were %d".formatted(name, MOST_WEIGHT, weight));
        }
    }

    /// A group without a queue, in which only `max_fails` and `down` take peers out.
    public UpstreamSpec(String name, List<PeerSpec> peers, Policy policy) {
        this(name, peers, policy, HealthRules.NONE, Optional.empty());
    }

    public UpstreamSpec withPeers(List<PeerSpec> peers) {
        return new UpstreamSpec(name, peers, policy, health, queue);
    }

    public UpstreamSpec withHealth(HealthRules health) {
        return new UpstreamSpec(name, peers, policy, health, queue);
    }

    public UpstreamSpec withQueue(QueueSpec queue) {
        return new UpstreamSpec(name, peers, policy, health, Optional.of(queue));
    }
}
