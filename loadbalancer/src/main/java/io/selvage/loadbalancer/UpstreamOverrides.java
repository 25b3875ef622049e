package io.selvage.loadbalancer;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// What an operator has changed of one upstream while it runs. It survives reloads: each configuration is changed in the same
/// way. Immutable.
///
/// @param revision counts the changes
/// @param peers changed peers by address; an address that the upstream does not have, or not yet, changes nothing
/// @param added peers that the configuration does not have, by address, in the order in which they were added
/// @param removed addresses of the configuration that are left out
public record UpstreamOverrides(long revision, Map<String, PeerOverride> peers, Map<String, PeerSpec> added,
        Set<String> removed) {
    /// Nothing is changed.
    public static final UpstreamOverrides NONE = new UpstreamOverrides(0, Map.of(), Map.of(), Set.of());

    public UpstreamOverrides {
        peers = Map.copyOf(peers);
        added = Collections.unmodifiableMap(new LinkedHashMap<>(added));
        removed = Collections.unmodifiableSet(new TreeSet<>(removed));
    }

    public boolean isEmpty() {
        return peers.isEmpty() && added.isEmpty() && removed.isEmpty();
    }

    /// Changes one peer.
    ///
    /// @param override [PeerOverride#NONE] to leave it as it is configured
    public UpstreamOverrides withPeer(String address, PeerOverride override) {
        Map<String, PeerOverride> changed = new HashMap<>(peers);
        if (override.equals(PeerOverride.NONE)) {
            changed.remove(address);
        } else {
            changed.put(address, override);
        }
        return new UpstreamOverrides(revision + 1, changed, added, removed);
    }

    /// Adds a peer, instead of those of the configuration with its address.
    public UpstreamOverrides withAdded(PeerSpec peer) {
        Map<String, PeerSpec> more = new LinkedHashMap<>(added);
        more.put(peer.address(), peer);
        return new UpstreamOverrides(revision + 1, peers, more, removed);
    }

    /// Takes a peer out, whether it was added or is configured.
    public UpstreamOverrides withRemoved(String address) {
        Map<String, PeerOverride> fewer = new HashMap<>(peers);
        fewer.remove(address);
        Map<String, PeerSpec> remaining = new LinkedHashMap<>(added);
        remaining.remove(address);
        Set<String> more = new TreeSet<>(removed);
        more.add(address);
        return new UpstreamOverrides(revision + 1, fewer, remaining, more);
    }

    /// Takes every change back.
    public UpstreamOverrides cleared() {
        return new UpstreamOverrides(revision + 1, Map.of(), Map.of(), Set.of());
    }

    /// The upstream with the changes.
    ///
    /// @throws IllegalArgumentException if the weights add up to more than [UpstreamSpec#MOST_WEIGHT]
    public UpstreamSpec apply(UpstreamSpec configured) {
        if (isEmpty()) {
            return configured;
        }
        List<PeerSpec> all = new ArrayList<>(configured.peers());
        all.removeIf(peer -> removed.contains(peer.address()) || added.containsKey(peer.address()));
        all.addAll(added.values());
        all.replaceAll(peer -> peers.getOrDefault(peer.address(), PeerOverride.NONE).apply(peer));
        return configured.withPeers(all);
    }
}
