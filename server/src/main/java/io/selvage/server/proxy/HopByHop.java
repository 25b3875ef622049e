package io.selvage.server.proxy;

import io.selvage.server.http.FieldNameSet;
import io.selvage.server.http.Headers;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Fields that describe one connection and are not passed on (RFC 9110 §7.6.1).
final class HopByHop {
    private static final List<String> ALWAYS = List.of("connection", "keep-alive", "proxy-connection", "te", "trailer",
            "transfer-encoding");
    private static final FieldNameSet OF_RESPONSES = FieldNameSet.of(ALWAYS);
    private static final FieldNameSet OF_REQUESTS = FieldNameSet.of(Stream.concat(ALWAYS.stream(),
            Stream.of("upgrade", "http2-settings", "proxy-authorization", "expect")).toList());

    /// Fields about the message or about who sent it. A `Connection` field that names one of them is a mistake or an attempt
    /// to hide something from the peer; it has no effect.
    private static final FieldNameSet NEVER_NAMED = FieldNameSet.of("host", "content-length", "content-type", "content-encoding",
            "authorization", "cookie", "set-cookie", "location", "forwarded", "via", "cdn-loop", "max-forwards", "x-real-ip",
            "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-port", "x-forwarded-prefix", "upgrade");

    private HopByHop() {
    }

    /// Which names among a client's fields are dropped. [RequestFields] adds a request for an upgrade again.
    static Predicate<String> inRequest(Headers headers) {
        return dropped(OF_REQUESTS, headers);
    }

    /// Which names among a peer's fields are dropped. `Upgrade` stays: a 426 says with it which protocols the peer accepts.
    static Predicate<String> inResponse(Headers headers) {
        return dropped(OF_RESPONSES, headers);
    }

    private static Predicate<String> dropped(FieldNameSet always, Headers headers) {
        Set<String> named = headers.tokens("Connection");
        return namesOthers(named, always)
                ? name -> always.contains(name) || named.contains(name.toLowerCase(Locale.ROOT)) && !NEVER_NAMED.contains(name)
                : always::contains;
    }

    /// True if a `Connection` field names fields that would not be dropped without it. Most have `keep-alive` or `close` only.
    private static boolean namesOthers(Set<String> named, FieldNameSet always) {
        for (String option : named) {
            if (!option.equals("close") && !always.contains(option) && !NEVER_NAMED.contains(option)) {
                return true;
            }
        }
        return false;
    }
}
