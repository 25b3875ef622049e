package io.selvage.server.observe;

import io.selvage.server.http.Authority;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Explanation;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The error log for the operator of the server (`error_log`). Its methods never wait.
///
/// @param sinks the files; none to write nothing
/// @param time the clock for the start of lines
public record ErrorLog(List<Sink> sinks, LogTime time) {
    private static final long PID = ProcessHandle.current().pid();

    /// A log that writes nothing.
    public static final ErrorLog SILENT = new ErrorLog(List.of(), LogTime.system());

    /// One file or syslog server, with its own threshold.
    ///
    /// @param threshold less severe messages are not written
    /// @param syslog the beginning of messages, if `file` leads to a syslog server
    public record Sink(Severity threshold, LogFile file, Optional<SyslogHeader> syslog) {
        public Sink(Severity threshold, LogFile file) {
            this(threshold, file, Optional.empty());
        }

        void write(Severity severity, String line, LogTime time) {
            file.line(syslog.map(header -> header.text(SyslogHeader.Level.of(severity), time)).orElse("") + line);
        }

        boolean takes(Severity severity) {
            return severity.compareTo(threshold) >= 0;
        }
    }

    public ErrorLog {
        sinks = List.copyOf(sinks);
    }

    /// A log with several files and one threshold.
    public ErrorLog(Severity threshold, List<LogFile> files, LogTime time) {
        this(files.stream().map(file -> new Sink(threshold, file)).toList(), time);
    }

    /// True if a message of this severity would be written. For messages that are expensive to build.
    public boolean tells(Severity severity) {
        return sinks.stream().anyMatch(sink -> sink.takes(severity));
    }

    /// Writes a message that belongs to no exchange.
    public void log(Severity severity, String message) {
        if (tells(severity)) {
            write(severity, clean(message));
        }
    }

    /// Writes a message about an exchange. The line contains its connection, client, site, request, peer, host and referrer. It
    /// is in the file before the client has the whole answer.
    public void log(Severity severity, Exchange exchange, String message) {
        if (tells(severity)) {
            Optional<Explanation> explained = Explanation.of(exchange);
            if (explained.isPresent()) {
                explained.get().add("message", severity.toString(), "for the error log: " + message);
                return;
            }
            write(severity, "*" + exchange.client().serial() + " " + clean(message) + about(exchange));
            sinks.stream().filter(sink -> sink.takes(severity)).forEach(sink -> exchange.waitFor(sink.file()));
        }
    }

    /// Writes a programming error, with its stack trace on the following lines.
    public void bug(Exchange exchange, Throwable bug) {
        if (tells(Severity.ALERT) && Explanation.of(exchange).isEmpty()) {
            StringWriter trace = new StringWriter();
            bug.printStackTrace(new PrintWriter(trace, true));
            write(Severity.ALERT, "*" + exchange.client().serial() + " " + clean(String.valueOf(bug)) + about(exchange)
                    + "\n" + trace.toString().stripTrailing());
        }
    }

    /// The files and their thresholds, for people.
    public String describe() {
        return sinks.stream().map(sink -> sink.file().name() + ", from " + sink.threshold())
                .collect(Collectors.joining("; "));
    }

    private void write(Severity severity, String rest) {
        String line = time.error() + " [" + severity + "] " + PID + "#" + Thread.currentThread().threadId() + ": " + rest;
        for (Sink sink : sinks) {
            if (sink.takes(severity)) {
                sink.write(severity, line, time);
            }
        }
    }

    private static String about(Exchange exchange) {
        StringBuilder about = new StringBuilder(160);
        about.append(", client: ").append(exchange.remoteHost());
        about.append(", server: ").append(exchange.routing().siteName());
        quoted(about, "request", exchange.request().requestLine());
        if (exchange.isSubrequest()) {
            quoted(about, "subrequest", exchange.routing().path());
        }
        if (!exchange.upstream().attempts().isEmpty()) {
            quoted(about, "upstream", exchange.upstream().attempts().getLast().peer());
        }
        exchange.headers().first("Host").or(() -> exchange.routing().authority().map(Authority::host))
                .ifPresent(host -> quoted(about, "host", host));
        exchange.headers().first("Referer").ifPresent(referrer -> quoted(about, "referrer", referrer));
        return about.toString();
    }

    private static void quoted(StringBuilder about, String what, String value) {
        about.append(", ").append(what).append(": \"");
        Escape.DEFAULT.append(value, about);
        about.append('"');
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
