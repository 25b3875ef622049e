package io.selvage.server.http;

import java.net.Inet6Address;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/// A host with or without a port, as in `Host` and in absolute-form targets (RFC 9110 §7.2, RFC 3986 §3.2).
///
/// Any registered name of RFC 3986 §3.2.2 is accepted, with two exceptions: a comma, since `a, b` is what remains of two `Host`
/// fields that a recipient has joined (RFC 9110 §5.3), and an empty label.
///
/// @param host in lower case without its trailing dot; an IPv6 address keeps its brackets
/// @param port 0 for none
public record Authority(String host, int port) {
    private static final int MAX_HOST = 255;
    private static final int MAX_PORT = 65535;
    private static final String IN_NAMES = "-._~%!$&'()*+;=";
    private static final String IN_FUTURE_ADDRESSES = "!$&'()*+,;=-._~:";

    /// @return nothing for what is no authority: an empty host or label, a port above 65535, user information, a path, a list
    public static Optional<Authority> parse(String text) {
        int end = text.startsWith("[") ? text.indexOf(']') + 1 : endOfName(text);
        OptionalInt port = port(text, end);
        if (end == 0 || end > MAX_HOST || port.isEmpty()) {
            return Optional.empty();
        }
        String host = text.substring(0, end).toLowerCase(Locale.ROOT);
        if (host.startsWith("[")) {
            return isAddress(host.substring(1, end - 1)) ? Optional.of(new Authority(host, port.getAsInt())) : Optional.empty();
        }
        if (host.endsWith(".")) {
            host = host.substring(0, end - 1);
        }
        boolean hasEmptyLabel = host.isEmpty() || host.startsWith(".") || host.endsWith(".") || host.contains("..");
        return hasEmptyLabel ? Optional.empty() : Optional.of(new Authority(host, port.getAsInt()));
    }

    /// The port behind `at`: 0 for none, nothing for anything but an optional colon with digits.
    private static OptionalInt port(String text, int at) {
        if (at < text.length() && text.charAt(at) != ':') {
            return OptionalInt.empty();
        }
        int port = 0;
        for (int i = at + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            port = 10 * port + c - '0';
            if (c < '0' || c > '9' || port > MAX_PORT) {
                return OptionalInt.empty();
            }
        }
        return OptionalInt.of(port);
    }

    private static int endOfName(String text) {
        int end = 0;
        while (end < text.length() && (isAlphanumeric(text.charAt(end)) || IN_NAMES.indexOf(text.charAt(end)) >= 0)) {
            end++;
        }
        return end;
    }

    /// Whether this stands between brackets: an address of version 6, or of a version to come.
    private static boolean isAddress(String text) {
        if (text.startsWith("v")) {
            int dot = text.indexOf('.');
            return dot > 1 && dot < text.length() - 1 && text.substring(1, dot).chars().allMatch(Authority::isHex)
                    && text.substring(dot + 1).chars().allMatch(c -> isAlphanumeric(c) || IN_FUTURE_ADDRESSES.indexOf(c) >= 0);
        }
        if (!text.chars().allMatch(c -> isHex(c) || c == ':' || c == '.')) {
            return false;
        }
        try {
            Inet6Address.ofLiteral(text);
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static boolean isHex(int c) {
        return c < 0x80 && Character.digit(c, 16) >= 0;
    }

    private static boolean isAlphanumeric(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }
}
