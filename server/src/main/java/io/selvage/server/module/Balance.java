package io.selvage.server.module;

import io.selvage.loadbalancer.Policy;
import io.selvage.server.config.Argument;
import io.selvage.server.config.Directive;
import io.selvage.server.config.Line;
import io.selvage.server.http.Template;
import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Pattern;

/// How a peer is chosen from a group (`least_conn`, `least_time`, `peak_ewma`, `ip_hash`, `hash`, `random`).
///
/// @param key what `hash` chooses by; empty for others
record Balance(Policy policy, Template key) {
    private static final Pattern FACTOR = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,6})?");
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
            case "peak_ewma" -> new Balance(new Policy.PeakEwmaOfTwo(), Template.EMPTY);
            case "random" -> random(line);
            case "least_time" -> new Balance(leastTime(line), Template.EMPTY);
            default -> IN_TURN;
        };
    }

    private static Balance hash(Line line) {
        if (line.count() > 1 && !line.argument(1).is("consistent")) {
            line.argument(1).unknown();
        }
        Policy policy = line.count() > 2 ? new Policy.BoundedHash(factor(line.argument(2))) : new Policy.Hash(line.count() > 1);
        return new Balance(policy, line.argument(0).template());
    }

    private static double factor(Argument argument) {
        if (!argument.word().key().equals("balance_factor")) {
            argument.unknown();
            return 1;
        }
        Argument factor = argument.option();
        if (FACTOR.matcher(factor.text()).matches()) {
            double value = Double.parseDouble(factor.text());
            if (value >= 1 && value <= Policy.BoundedHash.MOST_BALANCE_FACTOR) {
                return value;
            }
        }
        factor.refuse("a factor from 1 to " + Policy.BoundedHash.MOST_BALANCE_FACTOR);
        return 1;
    }

    private static Balance random(Line line) {
        if (line.count() > 0 && !line.argument(0).is("two")) {
            line.argument(0).unknown();
        }
        Policy then = new Policy.LeastConnections();
        if (line.count() > 1) {
            switch (line.argument(1).text()) {
                case "least_conn" -> { }
                case "least_time=header" -> then = new Policy.LeastTime(false, false);
                case "least_time=last_byte" -> then = new Policy.LeastTime(true, false);
                default -> line.argument(1).unknown();
            }
        }
        return new Balance(line.count() > 0 ? new Policy.RandomTwo(then) : new Policy.Random(), Template.EMPTY);
    }

    private static Policy leastTime(Line line) {
        Argument until = line.argument(0);
        if (!until.is("header") && !until.is("last_byte")) {
            until.refuse("\"header\" or \"last_byte\"");
        }
        boolean inFlight = line.count() > 1;
        if (inFlight && (!line.argument(1).is("inflight") || until.is("header"))) {
            line.argument(1).unknown();
        }
        return new Policy.LeastTime(until.is("last_byte"), inFlight);
    }

    private static String measured(Policy.LeastTime time) {
        return time.lastByte() ? "last_byte" : "header";
    }

    /// True if peers of the group may be marked `backup`.
    boolean takesBackups() {
        return policy instanceof Policy.RoundRobin || policy instanceof Policy.LeastConnections
                || policy instanceof Policy.LeastTime || policy instanceof Policy.PeakEwmaOfTwo;
    }

    /// True if weights may grow slowly: the policy looks at them with each request.
    boolean takesSlowStarts() {
        return takesBackups();
    }

    List<Directive> write() {
        return switch (policy) {
            case Policy.RoundRobin() -> List.of();
            case Policy.LeastConnections() -> List.of(Directive.of("least_conn", List.of()));
            case Policy.IpHash() -> List.of(Directive.of("ip_hash", List.of()));
            case Policy.Hash(boolean consistent) -> List.of(Directive.of("hash",
                    consistent ? List.of(key.toString(), "consistent") : List.of(key.toString())));
            case Policy.BoundedHash(double factor) -> List.of(Directive.of("hash",
                    List.of(key.toString(), "consistent", "balance_factor=" + BigDecimal.valueOf(factor).toPlainString())));
            case Policy.PeakEwmaOfTwo() -> List.of(Directive.of("peak_ewma", List.of()));
            case Policy.Random() -> List.of(Directive.of("random", List.of()));
            case Policy.LeastTime time -> List.of(Directive.of("least_time", time.inFlight()
                    ? List.of(measured(time), "inflight") : List.of(measured(time))));
            case Policy.RandomTwo(Policy.LeastTime time) ->
                List.of(Directive.of("random", List.of("two", "least_time=" + measured(time))));
            case Policy.RandomTwo _ -> List.of(Directive.of("random", List.of("two")));
        };
    }
}
