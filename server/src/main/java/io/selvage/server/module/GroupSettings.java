package io.selvage.server.module;

import io.selvage.loadbalancer.KeepAlive;
import io.selvage.loadbalancer.PeerSpec;
import io.selvage.server.config.Argument;
import io.selvage.server.config.Line;
import io.selvage.server.config.Section;
import io.selvage.server.config.Setting;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A group of peers: `upstream`.
///
/// @param servers never empty
record GroupSettings(
        @Setting(value = "least_conn", arguments = "0", doc = "Chooses the peer with the fewest exchanges for its weight.",
                or = {
                    @Setting.Or(value = "ip_hash", arguments = "0", doc = "Chooses by the client's address."),
                    @Setting.Or(value = "hash", arguments = "1-2", doc = "Chooses by a key."),
                    @Setting.Or(value = "random", arguments = "0-2", doc = "Chooses by chance.",
                            differs = "`least_time` is not built")
                }) Balance balance,
        @Setting(value = "server", doc = "A peer of the group.") List<PeerSpec> servers,
        Idle idle) {
    /// Connections that are kept open between exchanges.
    ///
    /// @param connections how many idle ones at most; 0 to keep none
    /// @param requests exchanges that a connection may have
    /// @param time how old a connection may get
    /// @param timeout how long a connection may be idle
    record Idle(
            @Setting(value = "keepalive 32", arguments = "1-2", doc = "How many idle connections are kept.",
                    differs = "for each event loop; the default before nginx 1.29.7 is none") int connections,
            @Setting(value = "keepalive_requests 1000", least = 1, doc = "How many exchanges one connection may have.")
                    int requests,
            @Setting(value = "keepalive_time 1h", doc = "How long one connection may be used.") Duration time,
            @Setting(value = "keepalive_timeout 60s", doc = "How long a connection may be idle.") Duration timeout) {

        KeepAlive keepAlive() {
            return new KeepAlive(connections, timeout, requests, time);
        }
    }

    GroupSettings {
        servers = List.copyOf(servers);
    }

    static String name(Section upstream) {
        return upstream.line().argument(0).text();
    }

    /// Reports groups that cannot work, and names that stand twice.
    static void check(List<Section> upstreams) {
        Set<String> names = new HashSet<>();
        for (Section upstream : upstreams) {
            if (!names.add(name(upstream))) {
                upstream.line().problem("\"upstream\" of the name \"" + name(upstream) + "\" is duplicate");
            }
            upstream.get(GroupSettings.class).check(upstream);
        }
    }

    private void check(Section upstream) {
        Line line = upstream.line();
        if (servers.isEmpty()) {
            line.problem("no servers in upstream \"" + name(upstream) + "\"");
        } else if (servers.stream().allMatch(PeerSpec::backup)) {
            line.problem("all servers of upstream \"" + name(upstream) + "\" are \"backup\"");
        }
        if (!balance.takesBackups()) {
            String policy = balance.write().getFirst().name().text();
            upstream.scope().here("server").stream().filter(server -> GroupServer.read(server).backup())
                    .forEach(server -> server.problem("\"" + policy + "\" has no \"backup\" servers"));
        }
        upstream.scope().here("keepalive").forEach(keepalive -> keepalive.argumentsFrom(1).stream()
                .filter(argument -> !argument.is("local"))
                .forEach(Argument::unknown));
    }
}
