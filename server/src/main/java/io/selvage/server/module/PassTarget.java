package io.selvage.server.module;

import io.selvage.server.config.Address;
import io.selvage.server.config.Argument;
import io.selvage.server.config.Directive;
import io.selvage.server.config.Line;
import io.selvage.server.http.Template;
import io.selvage.server.http.Text;
import io.selvage.server.proxy.PeerGroup;
import io.selvage.server.proxy.TargetSelector;
import io.selvage.server.proxy.VariableTarget;
import io.selvage.server.route.Match;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// The target to which a location passes its exchanges (`proxy_pass`, `fastcgi_pass`, `grpc_pass`, `scgi_pass`,
/// `uwsgi_pass`).
///
/// @param protocol the protocol of the peers
/// @param peers which peers
/// @param secure true if the peers certainly speak TLS; whether computed ones do may be known only for an exchange
/// @param path what replaces the part of the request's path that the location matched; empty to pass the request's target on as
///     it came, and when the peers are computed
record PassTarget(Protocol protocol, Destination peers, boolean secure, String path) {
    private static final String HTTP = "http://";
    private static final String HTTPS = "https://";
    private static final String SUWSGI = "suwsgi://";
    private static final String GRPCS = "grpcs://";

    /// A protocol of peers. The names of its directives start with its name.
    enum Protocol {
        PROXY, FASTCGI, GRPC, SCGI, UWSGI;

        static Protocol of(Line pass) {
            return valueOf(pass.name().substring(0, pass.name().indexOf('_')).toUpperCase(Locale.ROOT));
        }

        /// What a URL or an address begins with to mean TLS; empty for protocols that are not spoken in TLS.
        Optional<String> tlsScheme() {
            return switch (this) {
                case PROXY -> Optional.of(HTTPS);
                case GRPC -> Optional.of(GRPCS);
                case UWSGI -> Optional.of(SUWSGI);
                case FASTCGI, SCGI -> Optional.empty();
            };
        }

        /// True if an address begins with the scheme that means TLS.
        boolean isSecure(String address) {
            return this == UWSGI && begins(address, SUWSGI) || this == GRPC && begins(address, GRPCS);
        }

        /// The characters in front of an address that name this protocol, if there are any.
        int schemeLength(String address) {
            boolean named = this == UWSGI || this == GRPC;
            int length = toString().length();
            return isSecure(address) ? length + 4 : named && begins(address, this + "://") ? length + 3 : 0;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// The peers of a target.
    sealed interface Destination {
        /// The peers of an `upstream`.
        record Group(String name) implements Destination {
            @Override
            public String toString() {
                return name;
            }
        }

        /// One peer. Its host may be a name with several addresses.
        record Single(Address address) implements Destination {
            @Override
            public String toString() {
                return address.toString();
            }
        }

        /// What comes out for each exchange: for `proxy_pass` a whole URL, for others an address or the name of a group.
        record Computed(Template text) implements Destination {
            @Override
            public String toString() {
                return text.toString();
            }
        }
    }

    /// Reads the lines of one block, of which the last counts.
    static PassTarget read(List<Line> lines) {
        Line line = lines.getLast();
        if (lines.size() > 1) {
            line.warning("\"" + line.name() + "\" takes the place of \"" + lines.getFirst().name() + "\"");
        }
        Protocol protocol = Protocol.of(line);
        return protocol == Protocol.PROXY ? proxy(line) : application(protocol, line.argument(0));
    }

    private static PassTarget proxy(Line line) {
        Argument url = line.argument(0);
        if (url.text().contains("$")) {
            return computed(Protocol.PROXY, url.template());
        }
        boolean secure = begins(url.text(), HTTPS);
        if (!secure && !begins(url.text(), HTTP)) {
            url.refuse("a URL that begins with \"http://\" or \"https://\"");
            return computed(Protocol.PROXY, Template.EMPTY);
        }
        String rest = url.text().substring((secure ? HTTPS : HTTP).length());
        int path = pathStart(rest);
        Optional<Match> match = LocationMatch.of(line.scope());
        boolean pathless = line.scope().isPart()
                || match.filter(place -> place instanceof Match.Matching || place instanceof Match.Named).isPresent();
        if (path < rest.length() && pathless) {
            url.problem("\"proxy_pass\" may not have a path in a location with a regular expression or a name, in \"if\" or in "
                    + "\"limit_except\"");
        }
        int end = rest.startsWith("unix:") && rest.charAt(path - 1) == ':' ? path - 1 : path;
        return new PassTarget(Protocol.PROXY, peers(url.with(rest.substring(0, end)), secure ? 443 : 80), secure,
                rest.substring(path));
    }

    private static PassTarget computed(Protocol protocol, Template text) {
        boolean secure = protocol.tlsScheme().filter(scheme -> begins(text.start(), scheme)).isPresent();
        return new PassTarget(protocol, new Destination.Computed(text), secure, "");
    }

    private static boolean begins(String text, String scheme) {
        return text.regionMatches(true, 0, scheme, 0, scheme.length());
    }

    /// The start of the path that replaces the match of the location: behind the second colon of a unix socket, else at a slash.
    private static int pathStart(String rest) {
        if (rest.startsWith("unix:")) {
            int colon = rest.indexOf(':', 5);
            return colon < 0 ? rest.length() : colon + 1;
        }
        return (int) rest.chars().takeWhile(c -> c != '/' && c != '?').count();
    }

    private static PassTarget application(Protocol protocol, Argument argument) {
        String text = argument.text();
        if (text.contains("$")) {
            return computed(protocol, argument.template());
        }
        boolean secure = protocol.isSecure(text);
        String address = text.substring(protocol.schemeLength(text));
        return new PassTarget(protocol, peers(argument.with(address), -1), secure, "");
    }

    /// Reads an address or the name of a group.
    ///
    /// @param defaultPort as for [Address#read]
    private static Destination peers(Argument argument, int defaultPort) {
        String text = argument.text();
        Set<String> groups = argument.reading().declared("upstream", upstream -> upstream.arguments().getFirst().text());
        if (groups.contains(text)) {
            return new Destination.Group(text);
        }
        int colon = text.lastIndexOf(':');
        if (colon > 0 && groups.contains(text.substring(0, colon))) {
            argument.problem("upstream \"" + text.substring(0, colon) + "\" may not have a port here");
        }
        return new Destination.Single(Address.read(argument, defaultPort));
    }

    List<Directive> write() {
        boolean schemed = secure && !(peers instanceof Destination.Computed);
        String text = protocol == Protocol.PROXY ? url() : (schemed ? scheme() + "://" : "") + peers;
        return List.of(Directive.of(protocol + "_pass", List.of(text)));
    }

    private String url() {
        if (peers instanceof Destination.Computed(var text)) {
            return text.toString();
        }
        boolean colon = !path.isEmpty() && peers instanceof Destination.Single(Address.Unix _);
        return (secure ? HTTPS : HTTP) + peers + (colon ? ":" : "") + path;
    }

    /// The host, and the port unless it is the usual one: what the peer is called in a URL.
    String authority() {
        return switch (peers) {
            case Destination.Single(Address.Inet(var host, int port)) when port == (secure ? 443 : 80) ->
                host.contains(":") ? "[" + host + "]" : host;
            case Destination.Single(Address.Unix _) -> "localhost";
            case Destination _ -> peers.toString();
        };
    }

    /// True if the peers can speak TLS.
    boolean mayBeSecure() {
        return secure || peers instanceof Destination.Computed(var text)
                && protocol.tlsScheme().filter(scheme -> begins(scheme, text.start())).isPresent();
    }

    /// The scheme of the URL of the peers, which is not computed.
    String scheme() {
        return switch (protocol) {
            case PROXY -> secure ? "https" : "http";
            case UWSGI -> secure ? "suwsgi" : "uwsgi";
            case GRPC -> secure ? "grpcs" : "grpc";
            case FASTCGI, SCGI -> protocol.toString();
        };
    }

    /// The URL of the peers that a text makes, which may begin with a scheme.
    String url(String computed) {
        return protocol == Protocol.PROXY || protocol.schemeLength(computed) > 0 ? computed : protocol + "://" + computed;
    }

    /// The peers of a target that is not computed.
    PeerGroup group(LocationBuilder location) {
        return switch (peers) {
            case Destination.Group(var name) -> location.shared().peers().named(name);
            case Destination.Single(var address) -> location.shared().peers().at(address);
            case Destination.Computed _ -> throw new IllegalStateException("known only when a request comes");
        };
    }

    /// The target that comes out for each exchange.
    ///
    /// @param url with its scheme
    TargetSelector computed(LocationBuilder location, Text url) {
        ResolverSettings names = location.get(ResolverSettings.class);
        return new VariableTarget(url, location.shared().peers().byName(), names.resolver(location.state()), names.timeout(),
                location.state().io());
    }
}
