package io.selvage.server.config;

/// Where to listen, or where a peer is.
public sealed interface Address {
    /// A host and a port.
    ///
    /// @param host a name, an IPv4 address, or an IPv6 address without brackets
    /// @param port 0 to 65535; 0 lets the system choose where to listen
    record Inet(String host, int port) implements Address {
        @Override
        public String toString() {
            return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
        }
    }

    /// A unix socket.
    record Unix(String path) implements Address {
        @Override
        public String toString() {
            return "unix:" + path;
        }
    }

    /// Reads `host:port`, `host`, `[v6]:port`, `[v6]`, `unix:path`.
    ///
    /// @param defaultPort what holds when none is written; a negative one when it must be written
    static Address read(Argument argument, int defaultPort) {
        String text = argument.text();
        if (text.startsWith("unix:")) {
            if (text.length() == 5) {
                argument.refuse("a path behind \"unix:\"");
            }
            return new Unix(text.substring(5));
        }
        int bracket = text.startsWith("[") ? text.indexOf(']') : -1;
        int colon = text.indexOf(':', bracket + 1);
        String host = bracket > 0 ? text.substring(1, bracket) : colon < 0 ? text : text.substring(0, colon);
        boolean wellFormed = !host.isEmpty() && !host.contains("/") && !host.startsWith("[")
                && (bracket < 0 || bracket + 1 == (colon < 0 ? text.length() : colon));
        if (!wellFormed) {
            argument.refuse("an address");
        } else if (colon < 0 && defaultPort < 0) {
            argument.problem("no port in \"" + text + "\" of \"" + argument.owner() + "\"");
        }
        int port = colon < 0 || !wellFormed ? Math.max(defaultPort, 0) : port(argument, text.substring(colon + 1));
        return new Inet(host, port);
    }

    private static int port(Argument argument, String port) {
        var number = Values.number(port);
        if (number.isEmpty() || number.getAsLong() > 65_535) {
            argument.problem("invalid port in \"" + argument.text() + "\" of \"" + argument.owner() + "\"");
            return 0;
        }
        return (int) number.getAsLong();
    }
}
