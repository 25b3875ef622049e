package io.selvage.server.config;

import java.util.List;

/// Reads `upstream` blocks, which inherit nothing.
final class Upstreams {
    static final Settings<UpstreamConfig.Idle> IDLE = Settings.of(UpstreamConfig.Idle.class);
    private static final List<String> BALANCE = List.of("least_conn", "ip_hash", "hash", "random");

    private Upstreams() {}

    static UpstreamConfig read(Line line) {
        Scope scope = Scope.outermost(line.directive(), line.scope().reading());
        String name = line.argument(0).text();
        List<Line> lines = scope.here("server");
        List<UpstreamServer> servers = lines.stream().map(UpstreamServer::read).toList();
        if (servers.isEmpty()) {
            line.problem("no servers in upstream \"" + name + "\"");
        }
        Balance balance = balance(scope);
        if (!balance.takesBackups()) {
            lines.stream().filter(server -> UpstreamServer.read(server).backup()).forEach(server ->
                    server.problem("\"" + balance.words().getFirst() + "\" has no \"backup\" servers"));
        }
        if (!servers.isEmpty() && servers.stream().allMatch(UpstreamServer::backup)) {
            line.problem("all servers of upstream \"" + name + "\" are \"backup\"");
        }
        scope.here("keepalive").forEach(keepalive -> keepalive.argumentsFrom(1).stream()
                .filter(argument -> !argument.is("local"))
                .forEach(Argument::unknown));
        return new UpstreamConfig(name, balance, IDLE.read(scope), servers);
    }

    private static Balance balance(Scope scope) {
        List<Line> lines = scope.here(BALANCE);
        if (lines.isEmpty()) {
            return new Balance.RoundRobin();
        }
        if (lines.size() > 1) {
            lines.getLast().warning("\"" + lines.getLast().name() + "\" takes the place of \"" + lines.getFirst().name() + "\"");
        }
        return Balance.read(lines.getLast());
    }
}
