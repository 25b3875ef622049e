package io.selvage.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

/// The requests of `requests.txt`, whose head describes its format.
final class RequestTable {
    private static final Pattern ROW = Pattern.compile("(close|\\d{3}(?:\\+\\d{3})*)(?: (.*))?");
    private static final Pattern REPEATED = Pattern.compile("\\{(\\d+)\\*([^}]*)\\}");
    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:x([0-9a-fA-F]{2})|(.))");

    private final List<Row> rows = new ArrayList<>();
    private String kind = "";
    private String template = "$";
    private String body = "";
    private int passed = -1;

    /// @param answers the statuses that the client gets, joined by `+`, or `close`
    /// @param body what a peer gets with the first request
    /// @param passed the number of requests that a peer gets
    record Row(String name, byte[] request, String answers, String body, int passed) {
    }

    private RequestTable() {
    }

    static List<Row> read() throws IOException {
        RequestTable table = new RequestTable();
        try (InputStream file = Objects.requireNonNull(RequestTable.class.getResourceAsStream("requests.txt"))) {
            new String(file.readAllBytes(), UTF_8).lines().forEach(table::line);
        }
        return table.rows;
    }

    private void line(String line) {
        if (line.startsWith("#") || line.isEmpty()) {
            return;
        }
        int space = line.indexOf(' ');
        String rest = line.substring(space + 1);
        switch (space < 0 ? line : line.substring(0, space)) {
            case "=" -> {
                kind = rest;
                body = "";
                passed = -1;
            }
            case "request" -> template = rest;
            case "body" -> body = bytes(rest);
            case "passed" -> passed = Integer.parseInt(rest);
            default -> rows.add(row(line));
        }
    }

    private Row row(String line) {
        Matcher row = ROW.matcher(line);
        if (!row.matches()) {
            throw new IllegalArgumentException(line);
        }
        String value = Objects.requireNonNullElse(row.group(2), "");
        int answered = row.group(1).split("200", -1).length - 1;
        String request = bytes(template.replace("$", value));
        return new Row(kind + ": " + value, request.getBytes(ISO_8859_1), row.group(1), body, passed < 0 ? answered : passed);
    }

    /// One character for each byte.
    private static String bytes(String text) {
        String repeated = REPEATED.matcher(text).replaceAll(
                found -> Matcher.quoteReplacement(found.group(2).repeat(Integer.parseInt(found.group(1)))));
        return ESCAPE.matcher(repeated).replaceAll(found -> Matcher.quoteReplacement(String.valueOf(found.group(1) != null
                ? (char) Integer.parseInt(found.group(1), 16) : escaped(found.group(2).charAt(0)))));
    }

    private static char escaped(char letter) {
        return switch (letter) {
            case 'r' -> '\r';
            case 'n' -> '\n';
            case 't' -> '\t';
            case '0' -> '\0';
            case '\\' -> '\\';
            default -> throw new IllegalArgumentException("\\" + letter);
        };
    }
}
