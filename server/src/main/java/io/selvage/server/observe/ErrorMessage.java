package io.selvage.server.observe;

import io.selvage.server.http.Authority;
import io.selvage.server.http.Exchange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A message for the error log, which files get as a line of nginx's or as a JSON object.
///
/// @param connection of the client it is about; empty for none
/// @param text each `char` is one byte
/// @param about what it is about
/// @param trace the stack of a programming error, several lines; empty for none
record ErrorMessage(Optional<Long> connection, String text, List<Subject> about, String trace) {

    /// One thing that a message is about.
    ///
    /// @param quoted true for what comes from outside
    private record Subject(String name, String value, boolean quoted) {
    }

    /// A message that belongs to no exchange.
    static ErrorMessage of(String text) {
        return new ErrorMessage(Optional.empty(), text, List.of(), "");
    }

    static ErrorMessage of(Exchange exchange, String text, String trace) {
        return new ErrorMessage(Optional.of(exchange.client().serial()), text, about(exchange), trace);
    }

    private static List<Subject> about(Exchange exchange) {
        List<Subject> about = new ArrayList<>(8);
        about.add(new Subject("client", exchange.remoteHost(), false));
        about.add(new Subject("server", exchange.routing().siteName(), false));
        about.add(new Subject("request", exchange.request().requestLine(), true));
        if (exchange.isSubrequest()) {
            about.add(new Subject("subrequest", exchange.routing().path(), true));
        }
        if (!exchange.upstream().attempts().isEmpty()) {
            about.add(new Subject("upstream", exchange.upstream().attempts().getLast().peer().address(), true));
        }
        exchange.headers().first("Host").or(() -> exchange.routing().authority().map(Authority::host))
                .ifPresent(host -> about.add(new Subject("host", host, true)));
        exchange.headers().first("Referer").ifPresent(referrer -> about.add(new Subject("referrer", referrer, true)));
        return about;
    }

    /// As nginx writes it, without time, level and process. A trace is on the lines that follow.
    String text(String start) {
        StringBuilder line = new StringBuilder(200).append(start);
        connection.ifPresent(serial -> line.append('*').append(serial).append(' '));
        line.append(clean(text));
        for (Subject each : about) {
            line.append(", ").append(each.name).append(": ");
            if (each.quoted) {
                line.append('"');
                Escape.DEFAULT.append(each.value, line);
                line.append('"');
            } else {
                line.append(each.value);
            }
        }
        return trace.isEmpty() ? line.toString() : line.append('\n').append(trace).toString();
    }

    /// One JSON object in one line, with the members of [#text] as far as it has them.
    String json(Severity severity, LogTime time, long pid) {
        StringBuilder line = new StringBuilder(300).append("{\"time\":\"").append(time.isoMillis())
                .append("\",\"level\":\"").append(severity).append("\",\"pid\":").append(pid)
                .append(",\"tid\":").append(Thread.currentThread().threadId());
        connection.ifPresent(serial -> line.append(",\"connection\":").append(serial));
        member("message", text, line);
        about.forEach(each -> member(each.name, each.value, line));
        if (!trace.isEmpty()) {
            member("trace", trace, line);
        }
        return line.append('}').toString();
    }

    private static void member(String name, String value, StringBuilder line) {
        line.append(",\"").append(name).append("\":\"");
        Escape.JSON.append(value, line);
        line.append('"');
    }

    /// Replaces control characters, so that input can neither start a new line nor control a terminal.
    private static String clean(String message) {
        boolean harmless = message.chars().allMatch(c -> c >= ' ' && c != 0x7f && c < 0x100);
        if (harmless) {
            return message;
        }
        StringBuilder clean = new StringBuilder(message.length() + 16);
        for (int i = 0; i < message.length(); i++) {
            char c = message.charAt(i);
            if (c >= ' ' && c != 0x7f) {
                clean.append(c < 0x100 ? c : '?');
            } else {
                Escape.DEFAULT.append(String.valueOf(c), clean);
            }
        }
        return clean.toString();
    }
}
