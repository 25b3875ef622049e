package io.selvage.server.observe;

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

    /// One file or syslog server, with its own threshold and form.
    ///
    /// @param threshold less severe messages are not written
    /// @param syslog the beginning of messages, if `file` leads to a syslog server
    /// @param json true to write each message as a JSON object
    public record Sink(Severity threshold, LogFile file, Optional<SyslogHeader> syslog, boolean json) {
        /// A file with lines of text.
        public Sink(Severity threshold, LogFile file) {
            this(threshold, file, Optional.empty(), false);
        }

        void write(Severity severity, ErrorMessage message, LogTime time) {
            String line = json ? message.json(severity, time, PID) : message.text(time.error() + " [" + severity + "] " + PID
                    + "#" + Thread.currentThread().threadId() + ": ");
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
            write(severity, ErrorMessage.of(message));
        }
    }

    /// Writes a message about an exchange. The line contains its connection, client, site, request, peer, host and referrer. It
    /// is in the file before the client has the whole answer, unless the disk is slow or stuck ([LogFile#await]).
    public void log(Severity severity, Exchange exchange, String message) {
        if (tells(severity)) {
            Optional<Explanation> explained = Explanation.of(exchange);
            if (explained.isPresent()) {
                explained.get().add("message", severity.toString(), "for the error log: " + message);
                return;
            }
            write(severity, ErrorMessage.of(exchange, message, ""));
            sinks.stream().filter(sink -> sink.takes(severity)).forEach(sink -> exchange.waitFor(sink.file()));
        }
    }

    /// Writes a programming error, with its stack trace on the following lines.
    public void bug(Exchange exchange, Throwable bug) {
        if (tells(Severity.ALERT) && Explanation.of(exchange).isEmpty()) {
            StringWriter trace = new StringWriter();
            bug.printStackTrace(new PrintWriter(trace, true));
            write(Severity.ALERT, ErrorMessage.of(exchange, String.valueOf(bug), trace.toString().stripTrailing()));
        }
    }

    /// The files and their thresholds, for people.
    public String describe() {
        return sinks.stream().map(sink -> sink.file().name() + ", from " + sink.threshold() + (sink.json() ? ", json" : ""))
                .collect(Collectors.joining("; "));
    }

    private void write(Severity severity, ErrorMessage message) {
        for (Sink sink : sinks) {
            if (sink.takes(severity)) {
                sink.write(severity, message, time);
            }
        }
    }
}
