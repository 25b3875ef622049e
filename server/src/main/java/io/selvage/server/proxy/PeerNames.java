package io.selvage.server.proxy;

import io.selvage.loadbalancer.PeerSpec;
import io.selvage.loadbalancer.Policy;
import io.selvage.loadbalancer.UpstreamSpec;
import io.selvage.server.proxy.HostLookup.ServiceServer;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Replaces names among the peers of a group by addresses.
final class PeerNames {
    /// The most that the weights of a group with names add up to: the limit of a group, with room for weights of at least 1.
    private static final long MOST_WEIGHT = UpstreamSpec.MOST_WEIGHT / 2;
    /// The same for consistent hashing, where weight takes memory and a new ring is made with every change.
    private static final long MOST_WEIGHT_ON_RING = 10_000;

    private PeerNames() {
    }

    /// The names that must be looked up.
    static Set<PeerName> names(UpstreamSpec configured) {
        Set<PeerName> names = new LinkedHashSet<>();
        configured.peers().forEach(peer -> PeerName.of(peer).ifPresent(names::add));
        return names;
    }

    /// The group with each name replaced by its addresses; one without addresses is left out. In a fixed order,
    /// whatever order the lookup returns. An address that it returns twice is two peers, as in nginx.
    ///
    /// @param known the servers of a name; those of a host have no port of their own
    static UpstreamSpec resolved(UpstreamSpec configured, Function<PeerName, List<ServiceServer>> known) {
        List<PeerSpec> peers = new ArrayList<>();
        boolean fixed = true;
        for (PeerSpec peer : configured.peers()) {
            Optional<PeerName> name = PeerName.of(peer);
            if (name.isEmpty()) {
                peers.add(peer);
            } else if (name.get().service()) {
                addService(peer, known.apply(name.get()), peers);
            } else {
                int port = Integer.parseInt(peer.address().substring(peer.address().lastIndexOf(':') + 1));
                known.apply(name.get()).forEach(server -> addAddresses(peer, server.addresses(), port, peers));
            }
            fixed &= name.isEmpty();
        }
        return configured.withPeers(fixed ? peers : bounded(peers, configured.policy()));
    }

    /// The servers of the first priority take the place of the line, all others are backups of them. Where the line is a backup
    /// itself, the others are left out.
    private static void addService(PeerSpec line, List<ServiceServer> servers, List<PeerSpec> peers) {
        int first = servers.stream().mapToInt(ServiceServer::priority).min().orElse(0);
        servers.stream().sorted(PeerNames::compare).forEach(server -> {
            boolean primary = server.priority() == first;
            if (primary || !line.backup()) {
                PeerSpec peer = line.withBackup(line.backup() || !primary).withServer(server.host() + ":" + server.port())
                        .withWeight(line.weight() > 1 ? line.weight() : server.weight());
                addAddresses(peer, server.addresses(), server.port(), peers);
            }
        });
    }

    private static int compare(ServiceServer one, ServiceServer other) {
        int byHost = one.host().compareTo(other.host());
        int byPort = byHost != 0 ? byHost : Integer.compare(one.port(), other.port());
        return one.priority() != other.priority() ? Integer.compare(one.priority(), other.priority()) : byPort;
    }

    private static void addAddresses(PeerSpec peer, List<InetAddress> addresses, int port, List<PeerSpec> peers) {
        addresses.stream().map(address -> PeerAddress.text(address, port)).sorted()
                .forEach(address -> peers.add(peer.withAddress(address)));
    }

    /// Weights that come from outside may add up to more than a group may have. Their proportions are kept then.
    private static List<PeerSpec> bounded(List<PeerSpec> peers, Policy policy) {
        long most = policy instanceof Policy.Hash(boolean consistent) && consistent ? MOST_WEIGHT_ON_RING : MOST_WEIGHT;
        long total = peers.stream().mapToLong(PeerSpec::weight).sum();
        return total <= most ? peers
                : peers.stream().map(peer -> peer.withWeight((int) Math.max(1, peer.weight() * most / total))).toList();
    }
}
