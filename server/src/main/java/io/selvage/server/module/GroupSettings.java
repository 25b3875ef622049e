package io.selvage.server.module;

import io.selvage.loadbalancer.HealthRules;
import io.selvage.loadbalancer.KeepAlive;
import io.selvage.loadbalancer.PeerSpec;
import io.selvage.server.config.Argument;
import io.selvage.server.config.Codec;
import io.selvage.server.config.Directives;
import io.selvage.server.config.Line;
import io.selvage.server.config.Section;
import io.selvage.server.config.Setting;
import io.selvage.server.config.Shape;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// A group of peers: `upstream`.
///
/// @param servers never empty
record GroupSettings(
        @Setting(value = "least_conn", arguments = "0",
                doc = "Chooses the peer with the fewest exchanges relative to its weight.",
                or = {
                    @Setting.Or(value = "least_time", arguments = "1-2",
                            doc = "Chooses the peer that responds fastest, with its exchanges and its weight.",
                            differs = "without responses, an average halves with each second, not with each `fail_timeout`"),
                    @Setting.Or(value = "peak_ewma", arguments = "0",
                            doc = "Chooses the better of two peers by their latest response times and their exchanges.",
                            differs = "nginx has no such directive"),
                    @Setting.Or(value = "ip_hash", arguments = "0", doc = "Chooses a peer by the client's address."),
                    @Setting.Or(value = "hash", arguments = "1-3", doc = "Chooses a peer by the hash of a key.",
                            differs = "`balance_factor=F` bounds the exchanges of a peer to F times the average"),
                    @Setting.Or(value = "random", arguments = "0-2", doc = "Chooses a peer at random.")
                }) Balance balance,
        @Setting(value = "server", doc = "Adds a peer to the group.",
                differs = "all names are looked up again; `resolve` needs no `zone`") List<GroupServer> servers,
        PeerChecks checks,
        @Setting(value = "sticky", doc = "Binds the requests of a client to one peer.") Optional<StickyLine> sticky,
        @Setting(value = "queue", doc = "Lets requests wait while no peer is free.",
                differs = "503 with `Retry-After` instead of 502; one queue for the whole server; needs `max_conns`")
                Optional<QueueLine> queue,
        Idle idle) {
    private static final List<String> POLICIES = List.of("least_conn", "least_time", "peak_ewma", "ip_hash", "hash", "random");

    /// What takes peers out, besides failures.
    ///
    /// @param panic whether peers that are left out are used when there are no others
    record PeerChecks(
            @Setting(value = "outlier_detection", doc = "Leaves peers out for a while that do worse than the others.",
                    differs = "nginx has no such directive; rules and names are those of Envoy")
                    Optional<OutlierLine> outliers,
            @Setting(value = "panic_mode off", doc = "Uses peers that are left out when there are no others.",
                    differs = "nginx has no such directive") boolean panic) {
        HealthRules rules() {
            return new HealthRules(List.of(), outliers.map(OutlierLine::rules), panic);
        }
    }

    /// Idle connections to the peers of a group.
    ///
    /// @param connections how many idle ones at most; 0 to keep none
    /// @param requests exchanges that a connection may have
    /// @param time how old a connection may get
    /// @param timeout how long a connection may be idle
    record Idle(
            @Setting(value = "keepalive 32", arguments = "1-2", doc = "Limits the idle connections to peers.",
                    differs = "for each event loop; the default before nginx 1.29.7 is none") int connections,
            @Setting(value = "keepalive_requests 1000", least = 1, doc = "Limits the exchanges of one connection.")
                    int requests,
            @Setting(value = "keepalive_time 1h", doc = "Limits the age of a connection.") Duration time,
            @Setting(value = "keepalive_timeout 60s", doc = "Limits the time that a connection is idle.") Duration timeout) {

        KeepAlive keepAlive() {
            return new KeepAlive(connections, timeout, requests, time);
        }
    }

    GroupSettings {
        servers = List.copyOf(servers);
    }

    static void codecs(Directives directives) {
        directives.codec(GroupServer.class, Codec.line(1, Integer.MAX_VALUE, GroupServer::read))
                .codec(OutlierLine.class, Codec.line(0, Integer.MAX_VALUE, OutlierLine::read))
                .codec(StickyLine.class, Codec.line(2, Integer.MAX_VALUE, StickyLine::read))
                .codec(QueueLine.class, Codec.line(1, 2, QueueLine::read))
                .codec(Balance.class, Codec.lines(Shape.of(0, 2), Balance::read, (_, balance) -> balance.write()));
    }

    List<PeerSpec> peers() {
        return servers.stream().map(GroupServer::peer).toList();
    }

    private void refuse(Section upstream, Predicate<PeerSpec> which, String why) {
        String policy = balance.write().getFirst().name().text();
        upstream.scope().here("server").stream().filter(server -> which.test(GroupServer.read(server).peer()))
                .forEach(server -> server.problem("\"" + policy + "\" " + why));
    }

    static String name(Section upstream) {
        return upstream.line().argument(0).text();
    }

    /// Reports invalid groups and duplicate names.
    static void check(Section http) {
        Set<String> names = new HashSet<>();
        for (Section upstream : http.inside(Contexts.UPSTREAM)) {
            if (!names.add(name(upstream))) {
                upstream.line().problem("\"upstream\" of the name \"" + name(upstream) + "\" is duplicate");
            }
            upstream.get(GroupSettings.class).checkGroup(upstream);
            if (ResolverSettings.of(upstream, http).servers().isEmpty()) {
                checkUnresolved(upstream);
            }
        }
    }

    private static void checkUnresolved(Section upstream) {
        upstream.scope().here("server").stream().flatMap(server -> server.argumentsFrom(1).stream())
                .filter(argument -> argument.is("resolve")).forEach(resolve -> resolve.problem(
                        "no \"resolver\" is defined to resolve names at run time in upstream \"" + name(upstream) + "\""));
    }

    private void checkGroup(Section upstream) {
        Line line = upstream.line();
        if (servers.isEmpty()) {
            line.problem("no servers in upstream \"" + name(upstream) + "\"");
        } else if (peers().stream().allMatch(PeerSpec::backup)) {
            line.problem("all servers of upstream \"" + name(upstream) + "\" are \"backup\"");
        }
        if (!balance.takesBackups()) {
            refuse(upstream, PeerSpec::backup, "has no \"backup\" servers");
        }
        if (!balance.takesSlowStarts()) {
            refuse(upstream, peer -> !peer.slowStart().isZero(), "does not support \"slow_start\"");
        }
        checkQueue(upstream);
        checkOrder(upstream);
        upstream.scope().here("keepalive").forEach(keepalive -> keepalive.argumentsFrom(1).stream()
                .filter(argument -> !argument.is("local"))
                .forEach(Argument::unknown));
    }

    /// A queue and limits belong together: without limits no peer is ever full.
    private void checkQueue(Section upstream) {
        if (queue.isEmpty()) {
            upstream.scope().here("server").stream()
                    .filter(server -> server.arguments().stream().anyMatch(argument -> argument.is("max_conns=auto")))
                    .forEach(server -> server.problem("\"max_conns=auto\" needs a \"queue\" in its upstream"));
        }
        if (peers().stream().allMatch(peer -> peer.maxConns() == 0)) {
            upstream.scope().here("queue").forEach(line -> line.problem(
                    "\"queue\" needs \"max_conns\" on a \"server\" of upstream \"" + name(upstream)
                            + "\": without it no server is ever full; \"max_conns=auto\" finds the limit itself"));
        }
    }

    /// The policy stands before the queue, as nginx requires.
    private static void checkOrder(Section upstream) {
        upstream.scope().here("queue").forEach(queue -> upstream.scope().here(POLICIES).stream()
                .filter(policy -> policy.directive().position().compareTo(queue.directive().position()) > 0)
                .forEach(policy -> policy.problem("\"" + policy.name() + "\" must be before \"queue\"")));
    }
}
