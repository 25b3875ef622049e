package io.selvage.loadbalancer;

import java.util.Optional;

/// One way to choose among the peers it was made with. Called under the monitor of their [UpstreamState].
interface Chooser {
    /// How many unusable candidates a policy by key or by chance bears before it leaves the choice to round robin.
    int MOST_REJECTED = 20;

    /// A peer that `ask` allows, or nothing.
    Optional<Peer> choose(Ask ask);
}
