package io.selvage.server.proxy;

import io.selvage.loadbalancer.PeerSpec;
import java.util.Optional;

/// A name among the peers of a group, which stands for any number of peers.
///
/// @param name of a host, or of a service
/// @param service true for a service, whose SRV records have the ports
record PeerName(String name, boolean service) {

    /// The name of a configured peer; empty where it has an address. A port of 0 marks a service: `_http._tcp.app.example:0`.
    static Optional<PeerName> of(PeerSpec peer) {
        String address = peer.address();
        int colon = address.lastIndexOf(':');
        if (address.startsWith("unix:") || PeerAddress.isLiteral(address.substring(0, colon))) {
            return Optional.empty();
        }
        return Optional.of(new PeerName(address.substring(0, colon), address.endsWith(":0")));
    }

    @Override
    public String toString() {
        return (service ? "service \"" : "host \"") + name + '"';
    }
}
