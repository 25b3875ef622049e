package io.selvage.loadbalancer;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// The live states of one upstream by address. Its monitor guards everything that changes in the upstream, in all
/// configurations which have it: each choice and each end of a lease holds it for a short walk over the peers.
final class UpstreamState {
    private final Map<String, PeerState> byAddress = new HashMap<>();

    synchronized PeerState of(String address, long nowNanos) {
        return byAddress.computeIfAbsent(address, _ -> new PeerState(nowNanos));
    }

    /// Forgets every address which is not in `addresses` and has no lease.
    ///
    /// @return whether nothing is left
    synchronized boolean forgetAllBut(Set<String> addresses) {
        byAddress.entrySet().removeIf(entry -> entry.getValue().inFlight() == 0 && !addresses.contains(entry.getKey()));
        return byAddress.isEmpty();
    }
}
