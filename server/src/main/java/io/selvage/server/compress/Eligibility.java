package io.selvage.server.compress;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Headers;
import io.selvage.server.http.HttpDate;
import io.selvage.server.http.Regex;
import io.selvage.server.http.Version;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/// To which requests a compressed response may be sent, apart from the codings that the client accepts.
///
/// @param least the lowest version of HTTP (`gzip_http_version`)
/// @param proxied responses that are compressed although the request came through a proxy (`gzip_proxied`)
/// @param disabled clients that get nothing compressed, by their `User-Agent` (`gzip_disable`)
/// @param msie6 true if Internet Explorer 4 to 6 gets nothing compressed, except version 6 with service pack 2
public record Eligibility(Version least, Set<Proxied> proxied, List<Regex> disabled, boolean msie6) {
    /// A word of `gzip_proxied`: when a response is compressed whose request has a `Via` field. As in nginx, `expired` is for
    /// responses with `Expires`; `no-cache`, `no-store` and `private` are for others with `Cache-Control`. The rest is
    /// compressed, unless `no_last_modified` or `no_etag` is set and the response has that field.
    public enum Proxied {
        OFF("off"), EXPIRED("expired"), NO_CACHE("no-cache"), NO_STORE("no-store"), PRIVATE("private"),
        NO_LAST_MODIFIED("no_last_modified"), NO_ETAG("no_etag"), AUTH("auth"), ANY("any");

        private final String word;

        Proxied(String word) {
            this.word = word;
        }

        /// As it is written in a configuration.
        @Override
        public String toString() {
            return word;
        }
    }

    public Eligibility {
        proxied = Set.copyOf(proxied);
        disabled = List.copyOf(disabled);
    }

    /// True if a response with these fields may be sent in this coding: the client accepts it, and nothing else forbids it.
    public boolean allows(Exchange exchange, Headers response, ContentCoding coding) {
        return coding.weight(exchange.headers()) > 0 && allows(exchange, response);
    }

    /// True if a response with these fields may be compressed for this request. Never for a subrequest: its content becomes a
    /// part of another.
    ///
    /// @throws io.selvage.server.http.UncheckedFailure if a regular expression takes too many steps
    public boolean allows(Exchange exchange, Headers response) {
        return exchange.request().version().compareTo(least) >= 0
                && !exchange.isSubrequest()
                && !isDisabled(exchange.headers())
                && (!exchange.headers().contains("Via") || allowsProxy(exchange, response));
    }

    /// True if the sender of a response forbids to change its content (RFC 9111 §5.2.2.6).
    public static boolean forbidsTransformation(Headers response) {
        return CacheControl.has(response, "no-transform");
    }

    private boolean isDisabled(Headers request) {
        int at = msie6 || !disabled.isEmpty() ? request.indexOf("User-Agent", 0) : -1;
        if (at < 0) {
            return false;
        }
        String agent = request.value(at);
        for (int i = 0; i < disabled.size(); i++) {
            if (disabled.get(i).groups(agent).isPresent()) {
                return true;
            }
        }
        return msie6 && isOldExplorer(agent);
    }

    private static boolean isOldExplorer(String agent) {
        int at = agent.indexOf("MSIE ");
        if (at < 0 || at + 7 >= agent.length() || agent.charAt(at + 6) != '.') {
            return false;
        }
        return switch (agent.charAt(at + 5)) {
            case '4', '5' -> true;
            case '6' -> agent.indexOf("SV1", at + 8) < 0;
            default -> false;
        };
    }

    private boolean allowsProxy(Exchange exchange, Headers response) {
        if (proxied.contains(Proxied.OFF)) {
            return false;
        }
        if (proxied.contains(Proxied.ANY)
                || proxied.contains(Proxied.AUTH) && exchange.headers().contains("Authorization")) {
            return true;
        }
        int expires = response.indexOf("Expires", 0);
        if (expires >= 0) {
            return proxied.contains(Proxied.EXPIRED) && isExpired(exchange, response, response.value(expires));
        }
        if (response.contains("Cache-Control")) {
            return allowsDirective(response, Proxied.NO_CACHE) || allowsDirective(response, Proxied.NO_STORE)
                    || allowsDirective(response, Proxied.PRIVATE);
        }
        return !(proxied.contains(Proxied.NO_LAST_MODIFIED) && response.contains("Last-Modified"))
                && !(proxied.contains(Proxied.NO_ETAG) && response.contains("ETag"));
    }

    private boolean allowsDirective(Headers response, Proxied directive) {
        return proxied.contains(directive) && CacheControl.has(response, directive.toString());
    }

    private static boolean isExpired(Exchange exchange, Headers response, String expires) {
        long now = exchange.startedMillis() / 1000;
        OptionalLong end = HttpDate.parse(expires, now);
        OptionalLong date = response.first("Date").map(value -> HttpDate.parse(value, now)).orElse(OptionalLong.of(now));
        return end.isPresent() && date.isPresent() && end.getAsLong() < date.getAsLong();
    }
}
