package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Version;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// The protocols to which a client's connection may change (`proxy_upgrade`, RFC 9110 §7.8). After the change neither side's
/// bytes are looked at, so only protocols are passed on that are known to need it, or for which the location sets `Upgrade`.
///
/// @param allowed in lower case: a name stands for all versions of it, `name/version` for that version
/// @param others true to allow all others too, but HTTP/2
public record UpgradeProtocols(Set<String> allowed, boolean others) {
    /// WebSocket alone.
    public static final UpgradeProtocols DEFAULT = new UpgradeProtocols(Set.of("websocket"));

    /// No protocol.
    public static final UpgradeProtocols NONE = new UpgradeProtocols(Set.of());

    /// All protocols but HTTP/2.
    public static final UpgradeProtocols ANY = new UpgradeProtocols(Set.of(), true);

    /// These and no others.
    public UpgradeProtocols(Set<String> allowed) {
        this(allowed, false);
    }

    public UpgradeProtocols {
        allowed = Set.copyOf(allowed);
    }

    /// True for HTTP/2, which cannot be allowed: its requests would pass the rules of the locations unseen.
    public static boolean isHttp2(String protocol) {
        return protocol.toLowerCase(Locale.ROOT).matches("h2c?(/.*)?");
    }

    /// The allowed ones of the protocols that the client asks for, as it wrote them; empty if there is none, or if it does not
    /// list `upgrade` in `Connection`, and for a subrequest.
    String requested(Exchange exchange) {
        Headers headers = exchange.headers();
        boolean asks = headers.contains("Upgrade") && exchange.request().version() != Version.HTTP_1_0
                && headers.tokens("Connection").contains("upgrade") && !exchange.isSubrequest();
        return asks ? filtered(headers.joined("Upgrade").orElse(""), this::allows) : "";
    }

    /// @param protocol in lower case
    private boolean allows(String protocol) {
        int slash = protocol.indexOf('/');
        return allowed.contains(protocol) || slash >= 0 && allowed.contains(protocol.substring(0, slash))
                || others && !isHttp2(protocol);
    }

    /// The protocols of one list but HTTP/2, which no client can change to here. Apache offers it in every response.
    static String offered(String list) {
        return filtered(list, protocol -> !isHttp2(protocol));
    }

    /// The protocols of one list that are in another, as they are written in the first.
    static String common(String list, String other) {
        Set<String> others = Headers.of("Upgrade", other).tokens("Upgrade");
        return filtered(list, others::contains);
    }

    private static String filtered(String list, Predicate<String> chosen) {
        return Arrays.stream(list.split(",", -1)).map(String::strip).filter(each -> chosen.test(each.toLowerCase(Locale.ROOT)))
                .collect(Collectors.joining(", "));
    }
}
