package io.selvage.loadbalancer;

/// One request for a peer.
///
/// @param key what policies by key choose by
/// @param tried the peers that the request has had
/// @param among which peers may be chosen
/// @param nowNanos the time of the request, by the clock of the upstream
record Ask(byte[] key, Tried tried, Among among, long nowNanos) {
    /// Which peers may be chosen. Those that are down, draining or full never are.
    enum Among {
        /// Those that nothing speaks against.
        HEALTHY,
        /// Also those that outlier detection has left out.
        EJECTED,
        /// Also those that have failed: what remains in a panic.
        ALL
    }

    boolean allows(Peer peer) {
        return !tried.contains(peer) && peer.usable(among, nowNanos);
    }

    Ask among(Among others) {
        return new Ask(key, tried, others, nowNanos);
    }
}
