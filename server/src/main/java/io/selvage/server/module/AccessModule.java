package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Codec;
import io.selvage.server.config.Directive;
import io.selvage.server.config.Directives;
import io.selvage.server.config.Line;
import io.selvage.server.config.Setting;
import io.selvage.server.config.Shape;
import io.selvage.server.net.Cidr;
import io.selvage.server.route.Access;
import io.selvage.server.route.AccessRules;
import io.selvage.server.route.AccessRules.Rule;
import io.selvage.server.route.AccessRules.Whom;
import java.util.List;

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

    @Override
    public Directives directives() {
        return new Directives()
                .settings(AccessSettings.class, Contexts.HTTP, Contexts.SERVER, Contexts.LOCATION)
                .codec(Rule.class, Codec.lines(Shape.of(1, 1), lines -> rule(lines.getLast()), (_, rule) -> write(rule)));
    }

    @Override
    public void assemble(LocationBuilder location) {
        AccessSettings set = location.get(AccessSettings.class);
        if (!set.rules.isEmpty()) {
            location.filter(new Access(false, List.of(new AccessRules(set.rules)), location.errorLog()));
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
        int slash = argument.text().indexOf('/');
        String literal = slash < 0 ? argument.text() : argument.text().substring(0, slash);
        // Java would also read 1.2.3 as 1.2.0.3.
        boolean whole = literal.contains(":") || literal.chars().filter(c -> c == '.').count() == 3;
        try {
            Cidr address = Cidr.parse(whole ? literal : "");
            int bits = slash < 0 ? address.bits()
                    : argument.with(argument.text().substring(slash + 1)).number(0, address.bits());
            return new Whom.Block(new Cidr(address.network(), bits));
        } catch (IllegalArgumentException _) {
            argument.refuse("an address, a network, \"unix:\" or \"all\"");
            return new Whom.Everybody();
        }
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
