package io.selvage.server.module;

import io.selvage.loadbalancer.KeepAlive;
import io.selvage.loadbalancer.PeerSpec;
import io.selvage.loadbalancer.Policy;
import io.selvage.loadbalancer.UpstreamSpec;
import io.selvage.server.config.Address;
import io.selvage.server.config.Section;
import io.selvage.server.http.Exchange;
import io.selvage.server.proxy.GroupNames;
import io.selvage.server.proxy.HostLookup;
import io.selvage.server.proxy.PeerGroup;
import io.selvage.server.proxy.Sticky;
import io.selvage.server.proxy.TimedLookup;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// The groups of peers of one configuration: those that `upstream` names, and one for each address that is passed to directly.
public final class Peers {
    /// The idle connections that nginx keeps to an address outside any `upstream`.
    private static final KeepAlive DIRECT = KeepAlive.of(32);
    /// A new configuration waits that long for the operating system to find hosts.
    private static final Duration SYSTEM_PATIENCE = Duration.ofSeconds(30);
    /// And that long for name servers that it names itself.
    private static final Duration DNS_PATIENCE = Duration.ofSeconds(1);

    private static final byte[] NO_KEY = { };

    private final ServerState state;
    private final Map<String, PeerGroup> named = new LinkedHashMap<>();
    private final Map<Address, PeerGroup> direct = new LinkedHashMap<>();

    Peers(Section http, ServerState state, HealthChecks checks) {
        this.state = state;
        for (Section upstream : http.inside(Contexts.UPSTREAM)) {
            GroupSettings set = upstream.get(GroupSettings.class);
            String name = GroupSettings.name(upstream);
            UpstreamSpec spec = new UpstreamSpec(name, set.peers(), set.balance().policy(),
                    set.checks().rules().withChecks(checks.of(name)), set.queue().map(QueueLine::spec));
            Sticky sticky = set.sticky().map(line -> line.kind().sticky(state)).orElse(Sticky.NONE);
            named.put(name, new PeerGroup(spec, key(set.balance()), set.idle().keepAlive(), state.peers(), state.io(),
                    names(set, upstream, http), sticky));
        }
    }

    /// The system finds the hosts, but for those with `resolve`.
    private GroupNames names(GroupSettings set, Section upstream, Section http) {
        ResolverSettings resolver = ResolverSettings.of(upstream, http);
        Map<String, HostLookup> special = new HashMap<>();
        set.servers().stream().filter(GroupServer::resolve).map(GroupServer::name)
                .forEach(name -> special.put(name, new TimedLookup(resolver.resolver(state).lookup(), resolver.timeout())));
        return new GroupNames(state.lookup(), special, special.isEmpty() ? SYSTEM_PATIENCE : DNS_PATIENCE);
    }

    PeerGroup named(String name) {
        PeerGroup group = named.get(name);
        if (group == null) {
            throw new IllegalStateException("the configuration passes to \"" + name + "\", which it does not define");
        }
        return group;
    }

    PeerGroup at(Address address) {
        return direct.computeIfAbsent(address, at -> new PeerGroup(
                new UpstreamSpec(at.toString(), List.of(PeerSpec.of(at.toString())), new Policy.RoundRobin()),
                _ -> new byte[0], DIRECT, state.peers(), state.io(),
                new GroupNames(state.lookup(), Map.of(), SYSTEM_PATIENCE), Sticky.NONE));
    }

    Map<String, PeerGroup> byName() {
        return named;
    }

    /// Those of `upstream` in the order of the configuration, then those of addresses that are passed to directly.
    public List<PeerGroup> all() {
        List<PeerGroup> all = new ArrayList<>(named.values());
        all.addAll(direct.values());
        return all;
    }

    private static Function<Exchange, byte[]> key(Balance balance) {
        return switch (balance.policy()) {
            case Policy.IpHash() -> Peers::clientAddress;
            case Policy.Hash _, Policy.BoundedHash _ ->
                exchange -> balance.key().apply(exchange).getBytes(StandardCharsets.ISO_8859_1);
            case Policy.RoundRobin(), Policy.LeastConnections(), Policy.LeastTime _, Policy.PeakEwmaOfTwo(), Policy.Random(),
                    Policy.RandomTwo _ -> _ -> NO_KEY;
        };
    }

    private static byte[] clientAddress(Exchange exchange) {
        return exchange.remote() instanceof InetSocketAddress inet ? inet.getAddress().getAddress() : NO_KEY;
    }
}
