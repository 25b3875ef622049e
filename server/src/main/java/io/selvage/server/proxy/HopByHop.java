package io.selvage.server.proxy;

import io.selvage.server.http.FieldNameSet;
import io.selvage.server.http.Headers;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Fields that describe one connection and are not passed on (RFC 9110 §7.6.1).
final class HopByHop {
    /// Those of responses. `Upgrade` goes to the client only where [UpstreamResponse] adds it again.
    static final List<String> OF_RESPONSES = List.of("connection", "keep-alive", "proxy-connection", "te", "trailer",
            "transfer-encoding", "upgrade");
    /// Those of requests. [RequestFields] adds a request for an upgrade again.
    static final List<String> OF_REQUESTS = Stream.concat(OF_RESPONSES.stream(),
            Stream.of("http2-settings", "proxy-authorization", "expect")).toList();
    private static final FieldNameSet IN_REQUESTS = FieldNameSet.of(OF_REQUESTS);

    /// Fields about the message or about who sent it. A `Connection` field that names one of them is a mistake or an attempt
    /// to hide something from the peer; it has no effect.
    private static final FieldNameSet NEVER_NAMED = FieldNameSet.of("host", "content-length", "content-type", "content-encoding",
            "authorization", "cookie", "set-cookie", "location", "forwarded", "via", "cdn-loop", "max-forwards", "x-real-ip",
            "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-forwarded-port", "x-forwarded-prefix");

    private HopByHop() {
    }

    /// The fields, in lower case, that only the `Connection` field makes fields of one connection. Most messages have none.
    static Set<String> namedBy(Headers headers) {
        int at = headers.indexOf("Connection", 0);
        if (at < 0 || headers.hasValue(at, "keep-alive") && headers.indexOf("Connection", at + 1) < 0) {
            return Set.of();
        }
        Set<String> options = headers.tokens("Connection");
        if (isUsual(options)) {
            return Set.of();
        }
        Set<String> named = new HashSet<>(options);
        named.removeIf(option -> !isName(option));
        return named;
    }

    private static boolean isUsual(Set<String> options) {
        for (String option : options) {
            if (isName(option)) {
                return false;
            }
        }
        return true;
    }

    /// True for a connection option that is the name of a field which is passed on otherwise.
    private static boolean isName(String option) {
        return !option.equals("close") && !IN_REQUESTS.contains(option) && !NEVER_NAMED.contains(option);
    }
}
