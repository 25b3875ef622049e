package io.selvage.server.wiring;

import io.selvage.loadbalancer.KeepAlive;
import io.selvage.loadbalancer.PeerSpec;
import io.selvage.loadbalancer.Policy;
import io.selvage.loadbalancer.UpstreamSpec;
import io.selvage.server.config.Address;
import io.selvage.server.config.Balance;
import io.selvage.server.config.HttpConfig;
import io.selvage.server.config.UpstreamConfig;
import io.selvage.server.config.UpstreamServer;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Text;
import io.selvage.server.proxy.PeerGroup;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// The groups of peers of one configuration: those that `upstream` names, and one for each address that is passed to directly.
final class Peers {
    /// What nginx keeps for an address that no `upstream` names.
    private static final KeepAlive DIRECT = KeepAlive.of(32);

    private final ServerState lasting;
    private final Map<String, PeerGroup> named = new LinkedHashMap<>();
    private final Map<Address, PeerGroup> direct = new LinkedHashMap<>();

    Peers(HttpConfig config, Templates templates, ServerState lasting) {
        this.lasting = lasting;
        for (UpstreamConfig upstream : config.upstreams()) {
            UpstreamSpec spec = new UpstreamSpec(upstream.name(), upstream.servers().stream().map(Peers::peer).toList(),
                    policy(upstream.balance()));
            UpstreamConfig.Idle idle = upstream.idle();
            KeepAlive keepAlive = new KeepAlive(idle.connections(), idle.timeout(), idle.requests(), idle.time());
            named.put(upstream.name(), group(spec, key(upstream.balance(), templates), keepAlive));
        }
    }

    private PeerGroup group(UpstreamSpec spec, Function<Exchange, byte[]> key, KeepAlive keepAlive) {
        return new PeerGroup(spec, key, keepAlive, lasting.peers(), lasting.io());
    }

    PeerGroup named(String name) {
        PeerGroup group = named.get(name);
        if (group == null) {
            throw new IllegalStateException("the configuration passes to \"" + name + "\", which it does not define");
        }
        return group;
    }

    PeerGroup at(Address address) {
        return direct.computeIfAbsent(address, at -> group(
                new UpstreamSpec(at.toString(), List.of(PeerSpec.of(at.toString())), new Policy.RoundRobin()),
                _ -> new byte[0], DIRECT));
    }

    Map<String, PeerGroup> byName() {
        return named;
    }

    List<PeerGroup> all() {
        List<PeerGroup> all = new ArrayList<>(named.values());
        all.addAll(direct.values());
        return all;
    }

    private static PeerSpec peer(UpstreamServer server) {
        String address = server.address().toString();
        return new PeerSpec(address, server.weight(), server.maxConnections(), server.maxFails(), server.failTimeout(),
                server.backup(), server.down());
    }

    private static Policy policy(Balance balance) {
        return switch (balance) {
            case Balance.RoundRobin() -> new Policy.RoundRobin();
            case Balance.LeastConnections() -> new Policy.LeastConnections();
            case Balance.IpHash() -> new Policy.IpHash();
            case Balance.Hash(_, boolean consistent) -> new Policy.Hash(consistent);
            case Balance.Random(boolean two) -> two ? new Policy.RandomTwo() : new Policy.Random();
        };
    }

    private static Function<Exchange, byte[]> key(Balance balance, Templates templates) {
        return switch (balance) {
            case Balance.IpHash() -> Peers::clientAddress;
            case Balance.Hash(var key, _) -> {
                Text text = templates.text(key);
                yield exchange -> text.apply(exchange).getBytes(StandardCharsets.ISO_8859_1);
            }
            case Balance.RoundRobin(), Balance.LeastConnections(), Balance.Random _ -> _ -> new byte[0];
        };
    }

    private static byte[] clientAddress(Exchange exchange) {
        return exchange.remote() instanceof InetSocketAddress inet ? inet.getAddress().getAddress() : new byte[0];
    }
}
