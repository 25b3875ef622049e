package io.selvage.server.config;

import java.net.InetAddress;
import java.util.List;

/// Lets clients in or keeps them out: `allow` or `deny`.
public record AccessRule(boolean allow, Clients clients) implements Printable {
    /// Some clients.
    public sealed interface Clients {
        record All() implements Clients {}

        /// Those of unix sockets.
        record Unix() implements Clients {}

        /// Those whose address has the same first bits.
        ///
        /// @param bits 0 to 32, or to 128
        record Network(InetAddress address, int bits) implements Clients {}
    }

    static AccessRule read(Line line) {
        Argument clients = line.argument(0);
        boolean allow = line.name().equals("allow");
        return switch (clients.text()) {
            case "all" -> new AccessRule(allow, new Clients.All());
            case "unix:" -> new AccessRule(allow, new Clients.Unix());
            default -> new AccessRule(allow, network(clients));
        };
    }

    private static Clients network(Argument argument) {
        int slash = argument.text().indexOf('/');
        String literal = slash < 0 ? argument.text() : argument.text().substring(0, slash);
        // Java would also take 1.2.3 for 1.2.0.3.
        boolean whole = literal.contains(":") || literal.chars().filter(c -> c == '.').count() == 3;
        try {
            InetAddress address = InetAddress.ofLiteral(whole ? literal : "");
            int longest = address.getAddress().length * 8;
            int bits = slash < 0 ? longest : argument.with(argument.text().substring(slash + 1)).number(0, longest);
            return new Clients.Network(address, bits);
        } catch (IllegalArgumentException _) {
            argument.refuse("an address, a network, \"unix:\" or \"all\"");
            return new Clients.All();
        }
    }

    @Override
    public List<String> words() {
        return List.of(switch (clients) {
            case Clients.All() -> "all";
            case Clients.Unix() -> "unix:";
            case Clients.Network(var address, int bits) -> address.getHostAddress() + "/" + bits;
        });
    }

    @Override
    public Directive directive(String name) {
        return Directive.of(allow ? "allow" : "deny", words());
    }
}
