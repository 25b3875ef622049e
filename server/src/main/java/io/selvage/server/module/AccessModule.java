package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Codec;
import io.selvage.server.config.Directive;
import io.selvage.server.config.Directives;
import io.selvage.server.config.Line;
import io.selvage.server.config.Setting;
import io.selvage.server.config.Shape;
import io.selvage.server.net.Cidr;
import io.selvage.server.route.AccessRules;
import io.selvage.server.route.AccessRules.Rule;
import io.selvage.server.route.AccessRules.Whom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Access by client address.
final class AccessModule implements Module {
    /// @param rules the first that fits decides; when none does, everyone may
    record AccessSettings(
            @Setting(value = "allow", also = "limit_except", doc = "Allows clients by address.",
                    or = @Setting.Or(value = "deny", also = "limit_except", doc = "Denies clients by address."))
                    List<Rule> rules) {
        AccessSettings {
            rules = List.copyOf(rules);
        }
    }

    /// How the checks of a request are combined.
    record AccessPolicy(
            @Setting(value = "satisfy all", doc = "Allows a request if all checks allow it, or any one.") Satisfy satisfy,
            @Setting(value = "auth_delay 0s", doc = "Delays answers with status 401.") Duration authDelay) {
    }

    /// `satisfy`
    enum Satisfy { ALL, ANY }

    @Override
    public Directives directives() {
        return new Directives()
                .settings(AccessSettings.class, Contexts.HTTP, Contexts.SERVER, Contexts.LOCATION)
                .settings(AccessPolicy.class, Contexts.HTTP, Contexts.SERVER, Contexts.LOCATION)
                .codec(Rule.class, Codec.lines(Shape.of(1, 1), lines -> rule(lines.getLast()), (_, rule) -> write(rule)));
    }

    @Override
    public void assemble(LocationBuilder location) {
        AccessSettings set = location.get(AccessSettings.class);
        AccessPolicy policy = location.get(AccessPolicy.class);
        location.accessPolicy(policy.satisfy == Satisfy.ANY, policy.authDelay);
        if (!set.rules.isEmpty()) {
            location.access(new AccessRules(set.rules));
        }
    }

    private static Rule rule(Line line) {
        Argument clients = line.argument(0);
        boolean allow = line.name().equals("allow");
        return switch (clients.text()) {
            case "all" -> new Rule(allow, new Whom.Everybody());
            case "unix:" -> new Rule(allow, new Whom.UnixSockets());
            default -> new Rule(allow, network(clients));
        };
    }

    private static Whom network(Argument argument) {
        Optional<Cidr> network = Networks.read(argument);
        if (network.isEmpty()) {
            argument.refuse("an address, a network, \"unix:\" or \"all\"");
        }
        return network.<Whom>map(Whom.Block::new).orElseGet(Whom.Everybody::new);
    }

    private static List<Directive> write(Rule rule) {
        String clients = switch (rule.whom()) {
            case Whom.Everybody() -> "all";
            case Whom.UnixSockets() -> "unix:";
            case Whom.Block(var addresses) -> addresses.toString();
        };
        return List.of(Directive.of(rule.allows() ? "allow" : "deny", List.of(clients)));
    }
}
