package io.selvage.loadbalancer;

/// How a peer is chosen among the primaries. Each is one directive of nginx's `upstream` block.
///
/// A policy which depends on a key or on chance gives up after 21 unusable candidates and leaves the choice to round robin.
public sealed interface Policy {
    /// In turn, by weight and evenly spread; what holds without a directive.
    record RoundRobin() implements Policy {
    }

    /// The fewest leases in flight for its weight, ties in turn (`least_conn`).
    record LeastConnections() implements Policy {
    }

    /// The same client network to the same peer (`ip_hash`). The key is the client's address in network order:
    /// of 4 bytes the first three count, of 16 bytes all, anything else is one client.
    record IpHash() implements Policy {
    }

    /// The same key to the same peer (`hash key [consistent]`). An empty key is chosen in turn.
    ///
    /// @param consistent on a ring of points, so that a peer which comes or goes moves only its own share of the keys
    record Hash(boolean consistent) implements Policy {
    }

    /// By chance, in proportion to weight (`random`).
    record Random() implements Policy {
    }

    /// Two by chance, then the one with fewer leases in flight for its weight (`random two least_conn`).
    record RandomTwo() implements Policy {
    }
}
