package io.selvage.server.proxy;

import io.selvage.server.http.Headers;
import java.util.Locale;
import java.util.Set;

/// Fields that describe one connection and must not cross the proxy (RFC 9110 §7.6.1).
final class HopByHop {
    private static final Set<String> ALWAYS = Set.of("connection", "keep-alive", "proxy-connection", "te", "trailer",
            "transfer-encoding");
    private static final Set<String> OF_REQUESTS = Set.of("upgrade", "http2-settings", "proxy-authorization", "expect");

    /// Fields about the message or about who sent it. A `Connection` field that names one of them is either a mistake or an
    /// attempt to hide something from the peer, and has no effect.
    private static final Set<String> NEVER_NAMED = Set.of("host", "content-length", "content-type", "content-encoding",
            "authorization", "cookie", "set-cookie", "location", "forwarded", "via", "cdn-loop", "max-forwards", "x-real-ip",
            "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-port", "x-forwarded-prefix", "upgrade");

    private HopByHop() {
    }

    /// What of a client's fields a peer may see. An upgrade is asked for anew where the client did ([RequestFields]).
    static Headers ofRequest(Headers headers) {
        Set<String> named = headers.tokens("Connection");
        return headers.without(name -> {
            String lower = name.toLowerCase(Locale.ROOT);
            return dropped(lower, named) || OF_REQUESTS.contains(lower);
        });
    }

    /// What of a peer's fields a client may see. `Upgrade` stays: a 426 says with it what would be welcome.
    static Headers ofResponse(Headers headers) {
        Set<String> named = headers.tokens("Connection");
        return headers.without(name -> dropped(name.toLowerCase(Locale.ROOT), named));
    }

    private static boolean dropped(String lower, Set<String> named) {
        return ALWAYS.contains(lower) || named.contains(lower) && !NEVER_NAMED.contains(lower);
    }
}
