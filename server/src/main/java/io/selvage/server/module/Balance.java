package io.selvage.server.module;

import io.selvage.loadbalancer.Policy;
import io.selvage.server.config.Directive;
import io.selvage.server.config.Line;
import io.selvage.server.http.Template;
import java.util.List;

/// How a peer is chosen from a group (`least_conn`, `ip_hash`, `hash`, `random`).
///
/// @param key what `hash` chooses by; empty for others
record Balance(Policy policy, Template key) {
    private static final Balance IN_TURN = new Balance(new Policy.RoundRobin(), Template.EMPTY);

    /// @param lines of which the last counts
    static Balance read(List<Line> lines) {
        if (lines.isEmpty()) {
            return IN_TURN;
        }
        Line line = lines.getLast();
        if (lines.size() > 1) {
            line.warning("\"" + line.name() + "\" takes the place of \"" + lines.getFirst().name() + "\"");
        }
        return switch (line.name()) {
            case "least_conn" -> new Balance(new Policy.LeastConnections(), Template.EMPTY);
            case "ip_hash" -> new Balance(new Policy.IpHash(), Template.EMPTY);
            case "hash" -> hash(line);
            case "random" -> random(line);
            default -> IN_TURN;
        };
    }

    private static Balance hash(Line line) {
        if (line.count() > 1 && !line.argument(1).is("consistent")) {
            line.argument(1).unknown();
        }
        return new Balance(new Policy.Hash(line.count() > 1), line.argument(0).template());
    }

    private static Balance random(Line line) {
        if (line.count() > 0 && !line.argument(0).is("two")) {
            line.argument(0).unknown();
        }
        if (line.count() > 1 && line.argument(1).text().startsWith("least_time")) {
            line.argument(1).notBuilt();
        } else if (line.count() > 1 && !line.argument(1).is("least_conn")) {
            line.argument(1).unknown();
        }
        return new Balance(line.count() > 0 ? new Policy.RandomTwo() : new Policy.Random(), Template.EMPTY);
    }

    /// True if peers of the group may be marked `backup`.
    boolean takesBackups() {
        return policy instanceof Policy.RoundRobin || policy instanceof Policy.LeastConnections;
    }

    List<Directive> write() {
        return switch (policy) {
            case Policy.RoundRobin() -> List.of();
            case Policy.LeastConnections() -> List.of(Directive.of("least_conn", List.of()));
            case Policy.IpHash() -> List.of(Directive.of("ip_hash", List.of()));
            case Policy.Hash(boolean consistent) -> List.of(Directive.of("hash",
                    consistent ? List.of(key.toString(), "consistent") : List.of(key.toString())));
            case Policy.Random() -> List.of(Directive.of("random", List.of()));
            case Policy.RandomTwo() -> List.of(Directive.of("random", List.of("two")));
        };
    }
}
