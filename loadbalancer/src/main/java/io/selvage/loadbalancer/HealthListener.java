package io.selvage.loadbalancer;

/// Gets to know when peers are left out and when they return. Called while the monitor of the upstream is held, by any thread: it
/// must neither wait nor call the upstream.
public interface HealthListener {
    /// Ignores everything.
    HealthListener NONE = new HealthListener() {
        @Override
        public void changed(String upstream, String address, PeerHealth.State state, String reason) {
            // nobody wants to know
        }

        @Override
        public void panic(String upstream, boolean on) {
            // nobody wants to know
        }
    };

    /// A peer has come into another state by its health. That it is busy, marked down or draining is no such change. The end of
    /// an ejection is reported with the next request for any peer.
    ///
    /// @param reason for people
    void changed(String upstream, String address, PeerHealth.State state, String reason);

    /// An upstream begins or ends to use peers that are left out, because there are no others.
    void panic(String upstream, boolean on);
}
