package io.selvage.loadbalancer;

import java.util.Optional;

/// Chooses among a fixed list of peers by one policy. Called while the monitor of their [UpstreamState] is held.
interface Chooser {
    /// The number of unusable candidates after which a policy by key or random number leaves the choice to round robin.
    int MOST_REJECTED = 20;

    /// A peer that `ask` allows; empty if there is none.
    Optional<Peer> choose(Ask ask);
}
