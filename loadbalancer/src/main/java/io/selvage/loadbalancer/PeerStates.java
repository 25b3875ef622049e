package io.selvage.loadbalancer;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The live states of all peers by upstream name and address: leases in flight, failures, totals.
///
/// They outlive configurations: an [Upstream] which is built anew finds the states of the one before.
/// Safe for any number of threads.
public final class PeerStates {
    private final ConcurrentHashMap<String, UpstreamState> byUpstream = new ConcurrentHashMap<>();

    UpstreamState of(String upstream) {
        return byUpstream.computeIfAbsent(upstream, _ -> new UpstreamState());
    }

    /// Forgets the peers which are in none of these upstreams, called after their [Upstream]s were built.
    /// A peer which still has leases stays until the next call, so that its limit holds if it comes back.
    public void forgetAllBut(Collection<UpstreamSpec> used) {
        Map<String, Set<String>> addresses = new HashMap<>();
        for (UpstreamSpec upstream : used) {
            Set<String> ofUpstream = addresses.computeIfAbsent(upstream.name(), _ -> new HashSet<>());
            upstream.peers().forEach(peer -> ofUpstream.add(peer.address()));
        }
        byUpstream.entrySet().removeIf(entry -> {
            Set<String> stay = addresses.getOrDefault(entry.getKey(), Set.of());
            boolean empty = entry.getValue().forgetAllBut(stay);
            return empty && !addresses.containsKey(entry.getKey());
        });
    }
}
