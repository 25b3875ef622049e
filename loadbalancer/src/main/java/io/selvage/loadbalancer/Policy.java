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

    /// As consistent [Hash], but no peer gets more than `balanceFactor` times the average of leases for its weight
    /// (`hash key consistent balance_factor=1.25`).
    ///
    /// @param balanceFactor from 1 to [#MOST_BALANCE_FACTOR]
    record BoundedHash(double balanceFactor) implements Policy {
        /// A larger factor bounds nothing.
        public static final int MOST_BALANCE_FACTOR = 100;

        public BoundedHash {
            if (!(balanceFactor >= 1 && balanceFactor <= MOST_BALANCE_FACTOR)) {
                throw new IllegalArgumentException("balance_factor=" + balanceFactor);
            }
        }
    }

    /// At random, in proportion to weight (`random`).
    record Random() implements Policy {
    }

    /// The shortest average response time, with the leases in flight and the weight (`least_time`).
    ///
    /// @param lastByte true to measure until the last byte of a response, false until its head
    /// @param inFlight true if requests count that have no response yet
    record LeastTime(boolean lastByte, boolean inFlight) implements Policy {
    }

    /// Two at random, then the one that another policy prefers (`random two`).
    ///
    /// @param then fewer leases for its weight, or the shorter time
    record RandomTwo(Policy then) implements Policy {
        public RandomTwo {
            if (!(then instanceof LeastConnections) && !(then instanceof LeastTime)) {
                throw new IllegalArgumentException("random two " + then);
            }
        }

        /// The one with fewer leases for its weight (`random two least_conn`).
        public RandomTwo() {
            this(new LeastConnections());
        }
    }

    /// Two at random, then the one with the lower product of its response time, an average that rises at once and falls slowly,
    /// and its leases with this one, for its weight (`peak_ewma`).
    record PeakEwmaOfTwo() implements Policy {
    }

    /// True if response times are measured for it.
    default boolean measuresTime() {
        return this instanceof LeastTime || this instanceof PeakEwmaOfTwo
                || this instanceof RandomTwo(var then) && then instanceof LeastTime;
    }
}
