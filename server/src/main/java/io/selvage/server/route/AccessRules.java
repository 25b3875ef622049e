package io.selvage.server.route;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Explanation;
import io.selvage.server.http.Status;
import io.selvage.server.net.Cidr;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.List;

/// Checks the address of a client (`allow`, `deny`). The first matching rule decides; without one the check is silent.
public record AccessRules(List<Rule> rules) implements AccessCheck {
    private static final Verdict DENIED = new Verdict.Denied(new Answer.StatusOnly(Status.FORBIDDEN), "access forbidden by rule");

    /// @param allows whether it allows rather than denies
    public record Rule(boolean allows, Whom whom) {
        private Verdict verdict() {
            return allows ? Verdict.ALLOWED : DENIED;
        }

        private String written() {
            return (allows ? "allow " : "deny ") + switch (whom) {
                case Whom.Everybody() -> "all";
                case Whom.UnixSockets() -> "unix:";
                case Whom.Block(var addresses) -> addresses.toString();
            };
        }
    }

    /// Whom a rule is for.
    public sealed interface Whom {
        /// `all`.
        record Everybody() implements Whom {
        }

        /// `unix:`.
        record UnixSockets() implements Whom {
        }

        /// `10.0.0.0/8`, `::1`.
        record Block(Cidr addresses) implements Whom {
        }

        default boolean is(SocketAddress client) {
            return switch (this) {
                case Everybody() -> true;
                case UnixSockets() -> client instanceof UnixDomainSocketAddress;
                case Block(var addresses) -> client instanceof InetSocketAddress inet && inet.getAddress() != null
                        && addresses.contains(inet.getAddress());
            };
        }
    }

    public AccessRules {
        rules = List.copyOf(rules);
    }

    @Override
    public Verdict check(Exchange exchange) {
        for (Rule rule : rules) {
            if (rule.whom.is(exchange.remote())) {
                return rule.verdict();
            }
        }
        return Verdict.SILENT;
    }

    @Override
    public Verdict explain(Exchange exchange, Explanation into) {
        for (Rule rule : rules) {
            boolean decides = rule.whom.is(exchange.remote());
            into.add("rule", rule.written(), decides ? "is for " + exchange.remoteHost() + ": it decides"
                    : "is not for " + exchange.remoteHost());
            if (decides) {
                return rule.verdict();
            }
        }
        return Verdict.SILENT;
    }
}
