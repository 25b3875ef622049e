package io.selvage.loadbalancer;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// The live states of one upstream, by address. An address that occurs several times has a state for each occurrence.
///
/// The monitor of this object guards all mutable state of the upstream, in every configuration that contains it. Each choice and
/// each end of a lease holds it for one scan of the peers.
final class UpstreamState {
    private final String name;
    private final HealthListener listener;
    private final Map<Place, PeerState> byPlace = new HashMap<>();
    private final WaitQueue queue = new WaitQueue();
    private boolean panicking;

    UpstreamState(String name, HealthListener listener) {
        this.name = name;
        this.listener = listener;
    }

    /// One of the peers with an address.
    ///
    /// @param occurrence counted from 0
    private record Place(String address, int occurrence) {
    }

    /// @param occurrence of the address in the upstream, counted from 0
    synchronized PeerState of(String address, int occurrence, long nowNanos) {
        return byPlace.computeIfAbsent(new Place(address, occurrence), _ -> new PeerState(nowNanos));
    }

    void changed(String address, PeerHealth.State state, String reason) {
        listener.changed(name, address, state, reason);
    }

    /// Records whether the last request that got a peer got one that is left out.
    void panic(boolean on) {
        if (panicking != on) {
            panicking = on;
            listener.panic(name, on);
        }
    }

    /// The requests that wait for a peer. Used with the monitor held.
    WaitQueue queue() {
        return queue;
    }

    /// Forgets every address that is not in `addresses` and has no lease.
    ///
    /// @return true if no address is left, and no request that waits
    synchronized boolean forgetAllBut(Set<String> addresses) {
        byPlace.entrySet().removeIf(entry ->
                entry.getValue().inFlight() == 0 && !addresses.contains(entry.getKey().address()));
        return byPlace.isEmpty() && queue.isEmpty();
    }
}
