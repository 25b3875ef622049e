package io.selvage.server.http;

import java.net.Inet6Address;
import java.util.Locale;
import java.util.Optional;

/// Reads what stands in a `Host` field or in the authority of an absolute-form target (RFC 3986 §3.2.2, RFC 9110 §7.2).
///
/// Stricter than the grammar of a registered name, which has room for commas and escapes: such a name reaches no site, and
/// lists of hosts are a known way to make two readers disagree.
public final class Hosts {
    private static final int MAX_LENGTH = 255 + 1 + 5;
    private static final String IN_FUTURE_ADDRESS = "!$&'()*+,;=-._~:";

    /// A host that was understood.
    ///
    /// @param name in lower case, without port and without a trailing dot; an address of version 6 in its brackets
    /// @param port as it stood, -1 for none
    public record Host(String name, int port) {
    }

    private Hosts() {
    }

    /// The host that a request is meant for: the authority of its target wins over its `Host` field (RFC 9112 §3.2.2).
    /// Nothing for an HTTP/1.0 request that names none.
    public static Optional<Host> of(RequestHead head) {
        String authority = head.target().authority();
        return (authority.isEmpty() ? head.headers().first("Host") : Optional.of(authority)).flatMap(Hosts::parse);
    }

    /// The host and port of `host[:port]`, or nothing where it is not one: an empty name or label, user information,
    /// a path, a list, a port above 65535.
    public static Optional<Host> parse(String text) {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        int end = text.charAt(0) == '[' ? text.indexOf(']') + 1 : endOfName(text);
        int port = port(text, end);
        if (end <= 0 || port == INVALID) {
            return Optional.empty();
        }
        String name = text.substring(0, end).toLowerCase(Locale.ROOT);
        if (name.charAt(0) == '[') {
            return isAddress(name.substring(1, end - 1)) ? Optional.of(new Host(name, port)) : Optional.empty();
        }
        if (name.charAt(end - 1) == '.') {
            name = name.substring(0, end - 1);
        }
        return hasOnlyFullLabels(name) ? Optional.of(new Host(name, port)) : Optional.empty();
    }

    private static final int INVALID = -2;

    /// The port behind `at`: -1 for none, [#INVALID] for anything but an optional colon with digits.
    private static int port(String text, int at) {
        if (at == text.length() || at == text.length() - 1 && text.charAt(at) == ':') {
            return -1;
        }
        if (text.charAt(at) != ':' || text.length() - at > 6) {
            return INVALID;
        }
        int port = 0;
        for (int i = at + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return INVALID;
            }
            port = 10 * port + c - '0';
        }
        return port <= 65535 ? port : INVALID;
    }

    private static int endOfName(String text) {
        int end = 0;
        while (end < text.length() && isUnreserved(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean hasOnlyFullLabels(String name) {
        return !name.isEmpty() && name.charAt(0) != '.' && !name.endsWith(".") && !name.contains("..");
    }

    private static boolean isAddress(String text) {
        if (text.startsWith("v")) {
            int dot = text.indexOf('.');
            return dot > 1 && dot < text.length() - 1
                    && text.substring(1, dot).chars().allMatch(c -> Character.digit(c, 16) >= 0)
                    && text.substring(dot + 1).chars().allMatch(c -> isAlphanumeric(c) || IN_FUTURE_ADDRESS.indexOf(c) >= 0);
        }
        if (!text.chars().allMatch(c -> Character.digit(c, 16) >= 0 || c == ':' || c == '.')) {
            return false;
        }
        try {
            Inet6Address.ofLiteral(text);
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static boolean isUnreserved(char c) {
        return isAlphanumeric(c) || c == '-' || c == '.' || c == '_' || c == '~';
    }

    private static boolean isAlphanumeric(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }
}
