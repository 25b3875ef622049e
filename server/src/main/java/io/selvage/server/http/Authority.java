package io.selvage.server.http;

import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A host with or without a port, as in `Host` (RFC 9110 §7.2, RFC 3986 §3.2).
///
/// @param host in lower case without its trailing dot; an IPv6 address keeps its brackets
/// @param port 0 for none
public record Authority(String host, int port) {
    private static final String MARKS = "_~!$&'()*+,;=\\-";
    private static final Pattern SHAPE = Pattern.compile(
            "(?<host>\\[[0-9A-Za-z.:" + MARKS + "]+]|[0-9A-Za-z.%" + MARKS + "]+)(?::(?<port>[0-9]*))?");

    /// @return nothing for what is no authority: an empty host, two dots in a row, a port above 65535, user information
    public static Optional<Authority> parse(String text) {
        Matcher shape = SHAPE.matcher(text);
        if (!shape.matches() || shape.group("host").contains("..")) {
            return Optional.empty();
        }
        String host = shape.group("host").toLowerCase(Locale.ROOT);
        if (host.endsWith(".")) {
            host = host.substring(0, host.length() - 1);
        }
        OptionalInt port = port(shape.group("port"));
        return host.isEmpty() || port.isEmpty() ? Optional.empty() : Optional.of(new Authority(host, port.getAsInt()));
    }

    private static OptionalInt port(String digits) {
        if (digits == null || digits.isEmpty()) {
            return OptionalInt.of(0);
        }
        String significant = digits.replaceFirst("^0+(?=.)", "");
        if (significant.length() > 5) {
            return OptionalInt.empty();
        }
        int port = Integer.parseInt(significant);
        return port <= 65535 ? OptionalInt.of(port) : OptionalInt.empty();
    }
}
