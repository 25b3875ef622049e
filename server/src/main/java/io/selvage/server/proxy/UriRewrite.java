package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Target;
import io.selvage.server.http.UriBytes;

/// What a peer is asked for: what `proxy_pass` says behind the host, if anything.
public sealed interface UriRewrite {

    /// Nothing stands there: the target as the client wrote it, or where the path was changed on the way, the new one
    /// encoded again.
    record AsItCame() implements UriRewrite {
    }

    /// A path stands there and takes the place of the part that the location matched. A path that was rewritten inside the
    /// location is sent whole instead.
    ///
    /// @param prefix the name of the location
    /// @param path what replaces it
    record Replacing(String prefix, String path) implements UriRewrite {
    }

    /// Exactly this, as variables made it.
    ///
    /// @param target path and query; a missing leading slash is added
    record Written(String target) implements UriRewrite {
    }

    /// The request target, starting with a slash, or `*`.
    default String target(Exchange exchange) {
        return switch (this) {
            case AsItCame() -> isUnchanged(exchange) ? whole(exchange) : encoded(exchange, "", 0);
            case Replacing(String prefix, String path) -> exchange.routing().isPathReplaced()
                    || !exchange.routing().path().startsWith(prefix)
                    ? encoded(exchange, "", 0)
                    : encoded(exchange, path, prefix.length());
            case Written(String target) -> UriBytes.finish(target.startsWith("/") ? target : "/" + target);
        };
    }

    private static boolean isUnchanged(Exchange exchange) {
        Target target = exchange.request().target();
        return exchange.routing().path().equals(target.path()) && exchange.routing().query().equals(target.query());
    }

    private static String whole(Exchange exchange) {
        String raw = exchange.request().target().raw();
        return raw.isEmpty() || raw.charAt(0) == '?' ? "/" + raw : raw;
    }

    private static String encoded(Exchange exchange, String before, int from) {
        String path = before + UriBytes.encode(exchange.routing().path().substring(from));
        return exchange.routing().query().isEmpty() ? path : path + '?' + exchange.routing().query();
    }
}
