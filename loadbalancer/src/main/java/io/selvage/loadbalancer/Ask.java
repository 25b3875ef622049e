package io.selvage.loadbalancer;

/// One wish for a peer: whose it is, what it has tried, and when.
record Ask(byte[] key, Tried tried, long nowNanos) {
    boolean allows(Peer peer) {
        return !tried.contains(peer) && peer.usable(nowNanos);
    }
}
