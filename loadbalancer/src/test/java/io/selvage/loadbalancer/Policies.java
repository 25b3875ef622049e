package io.selvage.loadbalancer;

/// Every policy, for tests that hold for all of them.
final class Policies {
    static final Policy[] ALL = {
        new Policy.RoundRobin(), new Policy.LeastConnections(), new Policy.IpHash(), new Policy.Hash(false),
        new Policy.Hash(true), new Policy.BoundedHash(1.25), new Policy.Random(),
        new Policy.RandomTwo(), new Policy.PeakEwmaOfTwo()};

    private Policies() {
    }

    /// The policy as it is written in a configuration.
    static String directive(Policy policy) {
        return switch (policy) {
            case Policy.RoundRobin() -> "round robin";
            case Policy.LeastConnections() -> "least_conn";
            case Policy.IpHash() -> "ip_hash";
            case Policy.Hash(boolean consistent) -> consistent ? "hash client consistent" : "hash client";
            case Policy.BoundedHash(double factor) -> "hash client consistent balance_factor=" + factor;
            case Policy.PeakEwmaOfTwo() -> "peak_ewma";
            case Policy.Random() -> "random";
            case Policy.LeastTime _ -> "least_time";
            case Policy.RandomTwo _ -> "random two least_conn";
        };
    }
}
