package io.selvage.server.proxy;

import io.selvage.loadbalancer.PeerSpec;
import io.selvage.loadbalancer.UpstreamSpec;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/// Replaces host names among the peers of a group by their addresses.
final class PeerNames {

    private PeerNames() {
    }

    /// The hosts that must be looked up.
    static Set<String> hosts(UpstreamSpec configured) {
        Set<String> hosts = new LinkedHashSet<>();
        for (PeerSpec peer : configured.peers()) {
            if (isNamed(peer)) {
                hosts.add(host(peer));
            }
        }
        return hosts;
    }

    /// The group with each host replaced by its addresses; one without addresses is left out. In a fixed order,
    /// whatever order the lookup returns.
    static UpstreamSpec resolved(UpstreamSpec configured, Function<String, List<InetAddress>> known) {
        List<PeerSpec> peers = new ArrayList<>();
        for (PeerSpec peer : configured.peers()) {
            if (isNamed(peer)) {
                int port = Integer.parseInt(peer.address().substring(peer.address().lastIndexOf(':') + 1));
                known.apply(host(peer)).stream().map(address -> PeerAddress.text(address, port)).sorted()
                        .forEach(address -> peers.add(peer.withAddress(address)));
            } else {
                peers.add(peer);
            }
        }
        return configured.withPeers(peers);
    }

    private static boolean isNamed(PeerSpec peer) {
        return !peer.address().startsWith("unix:") && !PeerAddress.isLiteral(host(peer));
    }

    private static String host(PeerSpec peer) {
        return peer.address().substring(0, peer.address().lastIndexOf(':'));
    }
}
