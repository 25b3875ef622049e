package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.UriBytes;

/// How the request target for a peer is made: the part of `proxy_pass` behind the host, if there is one.
public sealed interface UriRewrite {

    /// No such part: the target as the client wrote it. A path that was rewritten is encoded again.
    record AsItCame() implements UriRewrite {
    }

    /// A path, which replaces the part that the location matched. A path that was rewritten inside the location is sent whole
    /// instead.
    ///
    /// @param prefix the name of the location
    /// @param path what replaces it
    record Replacing(String prefix, String path) implements UriRewrite {
    }

    /// A target made of variables, used as it is.
    ///
    /// @param target path and query; a missing leading slash is added
    record Written(String target) implements UriRewrite {
    }

    /// The request target, starting with a slash, or `*`.
    default String target(Exchange exchange) {
        return switch (this) {
            case AsItCame() -> exchange.routing().isRewritten() ? encoded(exchange, "", 0) : asReceived(exchange);
            case Replacing(String prefix, String path) -> exchange.routing().isPathReplaced()
                    || !exchange.routing().path().startsWith(prefix)
                    ? encoded(exchange, "", 0)
                    : encoded(exchange, path, prefix.length());
            case Written(String target) -> UriBytes.encodeUnsafe(target.startsWith("/") ? target : "/" + target);
        };
    }

    private static String asReceived(Exchange exchange) {
        String raw = exchange.request().target().raw();
        return raw.isEmpty() || raw.charAt(0) == '?' ? "/" + raw : raw;
    }

    private static String encoded(Exchange exchange, String before, int from) {
        String path = before + UriBytes.encode(exchange.routing().path().substring(from));
        String query = exchange.routing().query();
        if (query.isEmpty()) {
            return path;
        }
        return path + '?' + (query.equals(exchange.request().target().query()) ? query : UriBytes.encodeUnsafe(query));
    }
}
