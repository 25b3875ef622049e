package io.selvage.loadbalancer;

/// The rule by which a peer is chosen. Each policy is one directive of nginx's `upstream` block.
///
/// A policy by key or random number gives up after 21 unusable candidates and leaves the choice to round robin.
public sealed interface Policy {
    /// In turn, evenly spread by weight. The default.
    record RoundRobin() implements Policy {
    }

    /// The fewest leases in flight for its weight, ties in turn (`least_conn`).
    record LeastConnections() implements Policy {
    }

    /// The same peer for the same client network (`ip_hash`). The key is the client's address in network byte order: the first
    /// three bytes of an IPv4 address, all 16 bytes of an IPv6 address. All other keys count as one client.
    record IpHash() implements Policy {
    }

    /// The same peer for the same key (`hash key [consistent]`). Requests with an empty key take turns.
    ///
    /// @param consistent true to use a ring of points: a peer that is added or removed moves only its own share of the keys
    record Hash(boolean consistent) implements Policy {
    }

    /// At random, in proportion to weight (`random`).
    record Random() implements Policy {
    }

    /// Two at random, then the one with fewer leases in flight for its weight (`random two least_conn`).
    record RandomTwo() implements Policy {
    }
}
