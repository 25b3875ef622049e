package io.selvage.loadbalancer;

/// One request for a peer.
///
/// @param key what policies by key choose by
/// @param tried the peers that the request has had
/// @param nowNanos the time of the request, by the clock of the upstream
record Ask(byte[] key, Tried tried, long nowNanos) {
    boolean allows(Peer peer) {
        return !tried.contains(peer) && peer.usable(nowNanos);
    }
}
