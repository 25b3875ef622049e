package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Regex;
import io.selvage.server.http.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// Changes the attributes of cookies in a peer's response (`proxy_cookie_domain`, `proxy_cookie_path`, `proxy_cookie_flags`). Of
/// each list, the first rule that matches changes a cookie.
///
/// A cookie that no rule matches is passed as it came.
public record CookieRules(List<Domain> domains, List<ValueRewrite> paths, List<Flags> flags) {
    /// Changes nothing.
    public static final CookieRules OFF = new CookieRules(List.of(), List.of(), List.of());

    public CookieRules {
        domains = List.copyOf(domains);
        paths = List.copyOf(paths);
        flags = List.copyOf(flags);
    }

    /// Changes a domain without regard to a dot in front of it, which stays.
    public record Domain(ValueRewrite rule) implements ValueRewrite {
        @Override
        public Optional<String> rewritten(String value, Exchange exchange) {
            String dot = value.startsWith(".") ? "." : "";
            return rule.rewritten(value.substring(dot.length()), exchange).map(changed -> dot + changed);
        }
    }

    /// Replaces a value, compared without regard to ASCII case.
    public record Whole(Text from, Text to) implements ValueRewrite {
        @Override
        public Optional<String> rewritten(String value, Exchange exchange) {
            return from.apply(exchange).equalsIgnoreCase(value) ? Optional.of(to.apply(exchange)) : Optional.empty();
        }
    }

    /// Replaces a prefix.
    public record PathPrefix(Text from, Text to) implements ValueRewrite {
        @Override
        public Optional<String> rewritten(String value, Exchange exchange) {
            String start = from.apply(exchange);
            return value.startsWith(start) ? Optional.of(to.apply(exchange) + value.substring(start.length())) : Optional.empty();
        }
    }

    /// Sets and removes the flags of some cookies.
    ///
    /// @param cookies whose names match
    /// @param flags such as `secure`, `nohttponly` or `samesite=lax`; texts that are no flags have no effect
    public record Flags(CookieName cookies, List<Text> flags) {
        public Flags {
            flags = List.copyOf(flags);
        }
    }

    /// The names of cookies.
    public sealed interface CookieName {
        boolean matches(String name, Exchange exchange);
    }

    /// One name, compared without regard to ASCII case.
    public record Named(Text name) implements CookieName {
        @Override
        public boolean matches(String cookie, Exchange exchange) {
            return name.apply(exchange).equalsIgnoreCase(cookie);
        }
    }

    /// Names in which an expression is found.
    public record Matching(Regex expression) implements CookieName {
        @Override
        public boolean matches(String cookie, Exchange exchange) {
            return expression.groups(cookie).isPresent();
        }
    }

    /// The fields with cookies changed where a rule matches.
    Headers rewrite(Headers headers, Exchange exchange) {
        boolean off = domains.isEmpty() && paths.isEmpty() && flags.isEmpty();
        if (off || !headers.contains("Set-Cookie")) {
            return headers;
        }
        Headers.Builder changed = Headers.builder();
        for (int i = 0; i < headers.size(); i++) {
            boolean isCookie = Headers.same(headers.name(i), "Set-Cookie");
            changed.add(headers.name(i), isCookie ? rewritten(headers.value(i), exchange) : headers.value(i));
        }
        return changed.build();
    }

    private String rewritten(String value, Exchange exchange) {
        Cookie cookie = new Cookie(value);
        rewrite(cookie, "domain", domains, exchange);
        rewrite(cookie, "path", paths, exchange);
        for (Flags rule : flags) {
            if (rule.cookies.matches(cookie.name(), exchange)) {
                rule.flags.forEach(flag -> cookie.flag(flag.apply(exchange).toLowerCase(Locale.ROOT)));
                break;
            }
        }
        return cookie.changed ? cookie.written() : value;
    }

    private static void rewrite(Cookie cookie, String attribute, List<? extends ValueRewrite> rules, Exchange exchange) {
        Optional<String> old = cookie.value(attribute);
        for (ValueRewrite rule : rules) {
            Optional<String> changed = old.flatMap(value -> rule.rewritten(value, exchange));
            if (changed.isPresent()) {
                cookie.set(attribute, changed.get());
                return;
            }
        }
    }

    /// A value of `Set-Cookie`: name and value, then attributes (RFC 6265 §4.1.1).
    private static final class Cookie {
        private final List<String> parts = new ArrayList<>();
        private boolean changed;

        Cookie(String value) {
            for (String part : value.split(";", -1)) {
                parts.add(part.strip());
            }
        }

        String name() {
            return key(parts.getFirst());
        }

        private static String key(String part) {
            int equals = part.indexOf('=');
            return (equals < 0 ? part : part.substring(0, equals)).strip();
        }

        private int indexOf(String attribute) {
            for (int i = 1; i < parts.size(); i++) {
                if (key(parts.get(i)).equalsIgnoreCase(attribute)) {
                    return i;
                }
            }
            return -1;
        }

        Optional<String> value(String attribute) {
            int at = indexOf(attribute);
            int equals = at < 0 ? -1 : parts.get(at).indexOf('=');
            return equals < 0 ? Optional.empty() : Optional.of(parts.get(at).substring(equals + 1).strip());
        }

        void set(String attribute, String value) {
            int at = indexOf(attribute);
            parts.set(at, parts.get(at).substring(0, parts.get(at).indexOf('=') + 1) + value);
            changed = true;
        }

        void flag(String flag) {
            switch (flag) {
                case "secure" -> put("Secure", "Secure");
                case "httponly" -> put("HttpOnly", "HttpOnly");
                case "samesite=strict" -> put("SameSite", "SameSite=Strict");
                case "samesite=lax" -> put("SameSite", "SameSite=Lax");
                case "samesite=none" -> put("SameSite", "SameSite=None");
                case "nosecure" -> remove("Secure");
                case "nohttponly" -> remove("HttpOnly");
                case "nosamesite" -> remove("SameSite");
                default -> { }
            }
        }

        private void put(String attribute, String text) {
            int at = indexOf(attribute);
            if (at < 0) {
                parts.add(text);
            } else {
                parts.set(at, text);
            }
            changed = true;
        }

        private void remove(String attribute) {
            for (int at = indexOf(attribute); at >= 0; at = indexOf(attribute)) {
                parts.remove(at);
                changed = true;
            }
        }

        String written() {
            return parts.stream().filter(part -> !part.isEmpty()).collect(Collectors.joining("; "));
        }
    }
}
