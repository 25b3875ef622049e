package io.selvage.loadbalancer;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The live states of all peers by upstream name and address: leases in flight, failures, totals.
///
/// They survive reloads: a new [Upstream] finds the states of its predecessor.
/// Safe for any number of threads.
public final class PeerStates {
    private final ConcurrentHashMap<String, UpstreamState> byUpstream = new ConcurrentHashMap<>();
    private final HealthListener listener;

    /// States whose changes nobody wants to know.
    public PeerStates() {
        this(HealthListener.NONE);
    }

    /// @param listener gets to know when peers are left out and when they return
    public PeerStates(HealthListener listener) {
        this.listener = listener;
    }

    UpstreamState of(String upstream) {
        return byUpstream.computeIfAbsent(upstream, name -> new UpstreamState(name, listener));
    }

    /// Forgets the peers that are in none of these upstreams. Called after their [Upstream]s were built. A peer that still has
    /// leases remains until the next call, so its limit holds if it returns.
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
