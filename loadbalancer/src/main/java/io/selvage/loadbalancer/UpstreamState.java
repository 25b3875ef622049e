package io.selvage.loadbalancer;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// The live states of one upstream by address. Its monitor guards all mutable state of the upstream, in every configuration that
/// contains it. Each choice and each end of a lease holds it for one scan of the peers.
final class UpstreamState {
    private final Map<String, PeerState> byAddress = new HashMap<>();

    synchronized PeerState of(String address, long nowNanos) {
        return byAddress.computeIfAbsent(address, _ -> new PeerState(nowNanos));
    }

    /// Forgets every address that is not in `addresses` and has no lease.
    ///
    /// @return true if no address is left
    synchronized boolean forgetAllBut(Set<String> addresses) {
        byAddress.entrySet().removeIf(entry -> entry.getValue().inFlight() == 0 && !addresses.contains(entry.getKey()));
        return byAddress.isEmpty();
    }
}
