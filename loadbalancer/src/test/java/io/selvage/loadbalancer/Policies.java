package io.selvage.loadbalancer;

/// Every policy, for what all of them must do.
final class Policies {
    static final Policy[] ALL = {
        new Policy.RoundRobin(), new Policy.LeastConnections(), new Policy.IpHash(), new Policy.Hash(false),
        new Policy.Hash(true), new Policy.Random(), new Policy.RandomTwo()};

    private Policies() {
    }
}
