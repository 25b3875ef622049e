package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Regex;
import io.selvage.server.http.Text;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Rewrites the `Location` and `Refresh` fields of a peer's response (`proxy_redirect`).
///
/// @param rules tried in order until one matches
/// @param base the text in front of a `Location` that starts with a slash after a change, such as `http://example.org`; empty to
///        leave it relative (`absolute_redirect off`)
public record RedirectRules(List<Rule> rules, Text base) {
    /// Rewrites nothing (`proxy_redirect off`).
    public static final RedirectRules OFF = new RedirectRules(List.of(), Text.literal(""));

    private static final String REFRESH_URL = "url=";

    public RedirectRules {
        rules = List.copyOf(rules);
    }

    /// One pair of `proxy_redirect`.
    public sealed interface Rule extends ValueRewrite {
    }

    /// Replaces a prefix, compared without regard to ASCII case.
    public record Prefix(Text from, Text to) implements Rule {
        @Override
        public Optional<String> rewritten(String value, Exchange exchange) {
            String start = from.apply(exchange);
            boolean starts = value.regionMatches(true, 0, start, 0, start.length());
            return starts ? Optional.of(to.apply(exchange) + value.substring(start.length())) : Optional.empty();
        }
    }

    /// Replaces the whole of a value in which an expression matches. In the new text `$1` and named groups are those of the
    /// expression.
    public record Matching(Regex expression, Text to) implements Rule {
        @Override
        public Optional<String> rewritten(String value, Exchange exchange) {
            List<String> before = exchange.routing().captures();
            if (!expression.capture(value, exchange)) {
                return Optional.empty();
            }
            String result = to.apply(exchange);
            exchange.routing().captures(before);
            return Optional.of(result);
        }
    }

    /// The rule of `proxy_redirect default`: the URL of `proxy_pass` becomes the location.
    ///
    /// @param url as configured, without variables
    /// @param hasPath true if there is a path behind its host
    /// @param location the name of the location
    public static Rule byDefault(String url, boolean hasPath, String location) {
        return hasPath ? new Prefix(Text.literal(url), Text.literal(location))
                : new Prefix(Text.literal(url + "/"), Text.literal("/"));
    }

    /// The fields with `Location` and `Refresh` rewritten where a rule matches.
    Headers rewrite(Headers headers, Exchange exchange) {
        if (rules.isEmpty() || !headers.contains("Location") && !headers.contains("Refresh")) {
            return headers;
        }
        Headers.Builder changed = Headers.builder();
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            String value = headers.value(i);
            if (Headers.same(name, "Location")) {
                changed.add(name, rewritten(value, exchange)
                        .map(result -> result.startsWith("/") ? base.apply(exchange) + result : result).orElse(value));
            } else if (Headers.same(name, "Refresh")) {
                int url = value.toLowerCase(Locale.ROOT).indexOf(REFRESH_URL) + REFRESH_URL.length();
                boolean has = url >= REFRESH_URL.length();
                changed.add(name, has ? value.substring(0, url)
                        + rewritten(value.substring(url), exchange).orElse(value.substring(url)) : value);
            } else {
                changed.add(name, value);
            }
        }
        return changed.build();
    }

    /// The result of the first rule that matches.
    private Optional<String> rewritten(String value, Exchange exchange) {
        for (Rule rule : rules) {
            Optional<String> result = rule.rewritten(value, exchange);
            if (result.isPresent()) {
                return result;
            }
        }
        return Optional.empty();
    }
}
