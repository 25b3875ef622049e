package io.selvage.loadbalancer;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The live states of all peers by upstream name and address: leases in flight, failures, totals, and what an
/// operator has changed.
///
/// They survive reloads: a new [Upstream] finds the states of its predecessor.
/// Safe for any number of threads.
public final class PeerStates {
    private final ConcurrentHashMap<String, UpstreamState> byUpstream = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, UpstreamOverrides> overrides = new ConcurrentHashMap<>();
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

    /// What was changed of an upstream while it ran.
    public UpstreamOverrides overrides(String upstream) {
        return overrides.getOrDefault(upstream, UpstreamOverrides.NONE);
    }

    /// Replaces what is changed of an upstream. Each [Upstream] that is built from now on is changed in that way.
    public void override(String upstream, UpstreamOverrides changed) {
        overrides.put(upstream, changed);
    }

    /// The changes of all upstreams that were ever changed, by name.
    public Map<String, UpstreamOverrides> overrides() {
        return Map.copyOf(overrides);
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
