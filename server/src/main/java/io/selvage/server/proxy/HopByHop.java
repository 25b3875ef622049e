package io.selvage.server.proxy;

import io.selvage.server.http.FieldNameSet;
import io.selvage.server.http.Headers;
import java.util.Locale;
import java.util.Set;

/// Fields that describe one connection and must not cross the proxy (RFC 9110 §7.6.1).
final class HopByHop {
    private static final FieldNameSet ALWAYS = FieldNameSet.of("connection", "keep-alive", "proxy-connection", "te", "trailer",
            "transfer-encoding");
    private static final FieldNameSet OF_REQUESTS = FieldNameSet.of("upgrade", "http2-settings", "proxy-authorization", "expect");

    /// Fields about the message or about who sent it. A `Connection` field that names one of them is either a mistake or an
    /// attempt to hide something from the peer, and has no effect.
    private static final FieldNameSet NEVER_NAMED = FieldNameSet.of("host", "content-length", "content-type", "content-encoding",
            "authorization", "cookie", "set-cookie", "location", "forwarded", "via", "cdn-loop", "max-forwards", "x-real-ip",
            "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-port", "x-forwarded-prefix", "upgrade");

    private HopByHop() {
    }

    /// What of a client's fields a peer may see. An upgrade is asked for anew where the client did ([RequestFields]).
    static Headers ofRequest(Headers headers) {
        Set<String> named = headers.tokens("Connection");
        return headers.without(name -> dropped(name, named) || OF_REQUESTS.contains(name));
    }

    /// What of a peer's fields a client may see. `Upgrade` stays: a 426 says with it what would be welcome.
    static Headers ofResponse(Headers headers) {
        Set<String> named = headers.tokens("Connection");
        return headers.without(name -> dropped(name, named));
    }

    private static boolean dropped(String name, Set<String> named) {
        return ALWAYS.contains(name)
                || !named.isEmpty() && named.contains(name.toLowerCase(Locale.ROOT)) && !NEVER_NAMED.contains(name);
    }
}
