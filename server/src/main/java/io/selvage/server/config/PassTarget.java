package io.selvage.server.config;

/// What an exchange is passed to.
public sealed interface PassTarget {
    /// The peers of an `upstream`.
    record Group(String name) implements PassTarget {}

    /// One peer. Its host may be a name with several addresses.
    record Peer(Address address) implements PassTarget {}

    /// What comes out for each exchange: for `proxy_pass` a whole URL, for others an address or the name of a group.
    record Computed(Template text) implements PassTarget {}

    /// Reads an address or the name of a group.
    ///
    /// @param defaultPort as for [Address#read]
    static PassTarget read(Argument argument, int defaultPort) {
        String text = argument.text();
        if (argument.reading().declared().upstreams().contains(text)) {
            return new Group(text);
        }
        int colon = text.lastIndexOf(':');
        if (colon > 0 && argument.reading().declared().upstreams().contains(text.substring(0, colon))) {
            argument.problem("upstream \"" + text.substring(0, colon) + "\" may not have a port here");
        }
        return new Peer(Address.read(argument, defaultPort));
    }

    default String written() {
        return switch (this) {
            case Group(var name) -> name;
            case Peer(var address) -> address.toString();
            case Computed(var text) -> text.toString();
        };
    }
}
