package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Directive;
import io.selvage.server.config.Line;
import io.selvage.server.config.Printable;
import io.selvage.server.config.Values;
import io.selvage.server.http.Template;
import io.selvage.server.observe.LogFile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `access_log`
///
/// @param file the name of the file, or of the syslog server
/// @param syslog nothing for a file
/// @param format the name of a format
/// @param condition nothing is written when this comes out empty or as `0`; empty when there is no condition
record AccessLogTarget(Template file, Optional<SyslogServer> syslog, String format, Template condition,
        LogFile.Buffering buffering) implements Printable {
    /// The buffer of a compressed log that names none.
    private static final long USUAL_BUFFER = 64 << 10;
    private static final Set<String> BUFFERING = Set.of("buffer", "flush", "gzip");

    static AccessLogTarget read(Line line) {
        String format = LogModule.COMBINED;
        if (line.count() > 1) {
            format = line.argument(1).declared(formats(line), "log format");
        }
        Template condition = Template.EMPTY;
        for (Argument argument : line.argumentsFrom(2)) {
            String key = argument.word().key();
            if (key.equals("if")) {
                condition = argument.option().template();
            } else if (!BUFFERING.contains(key)) {
                argument.unknown();
            }
        }
        Optional<SyslogServer> syslog = SyslogServer.read(line.argument(0));
        if (syslog.isPresent()) {
            line.argumentsFrom(2).stream().filter(argument -> BUFFERING.contains(argument.word().key())).forEach(argument ->
                    argument.problem("\"" + argument.word().key() + "\" of \"access_log\" needs a file"));
            return new AccessLogTarget(Template.literal(syslog.get().name().toString()), syslog, format, condition,
                    LogFile.Buffering.NONE);
        }
        LogFile.Buffering buffering = buffering(line);
        Template file = line.argument(0).outputTemplate();
        if (file.isLiteral()) {
            line.argument(0).output();
        }
        return new AccessLogTarget(file, syslog, format, condition, buffering);
    }

    private static LogFile.Buffering buffering(Line line) {
        long buffer = 0;
        int gzip = 0;
        Duration flush = Duration.ZERO;
        for (Argument argument : line.argumentsFrom(2)) {
            switch (argument.word().key()) {
                case "buffer" -> buffer = argument.option().size();
                case "flush" -> flush = argument.option().time();
                case "gzip" -> gzip = argument.is("gzip") ? 1 : argument.option().number(1, 9);
                default -> { }
            }
        }
        buffer = gzip > 0 && buffer == 0 ? USUAL_BUFFER : buffer;
        if (buffer == 0 && !flush.isZero()) {
            line.problem("\"flush\" of \"access_log\" needs a \"buffer\"");
        } else if (buffer > 0 && line.argument(0).text().contains("$")) {
            line.problem("\"buffer\" of \"access_log\" needs a file name without variables");
        }
        checkConflict(line, buffering(line.directive()));
        return new LogFile.Buffering(buffer, flush, gzip);
    }

    /// Reports a file that an earlier line writes with another buffering.
    private static void checkConflict(Line line, String own) {
        String file = line.argument(0).text();
        if (own.isEmpty()) {
            return;
        }
        line.scope().reading().declared("access_log", log -> log.arguments().getFirst().text() + "\n" + buffering(log)).stream()
                .filter(other -> other.startsWith(file + "\n") && other.length() > file.length() + 1).findFirst()
                .filter(first -> !first.equals(file + "\n" + own))
                .ifPresent(_ -> line.problem("\"access_log\" of \"" + file + "\" has another buffering before"));
    }

    /// The words about buffering, in a fixed order.
    private static String buffering(Directive log) {
        return String.join(" ", log.arguments().stream().skip(2).filter(word -> BUFFERING.contains(word.key()))
                .map(word -> word.text()).sorted().toList());
    }

    private static Set<String> formats(Line line) {
        Set<String> names = new HashSet<>(Set.of(LogModule.COMBINED, LogModule.JSON_FULL));
        names.addAll(line.scope().reading().declared("log_format", format -> format.arguments().getFirst().text()));
        return names;
    }

    @Override
    public List<String> words() {
        List<String> words = new ArrayList<>(List.of(syslog.map(SyslogServer::word).orElseGet(file::toString), format));
        if (buffering.bytes() > 0) {
            words.add("buffer=" + Values.size(buffering.bytes()));
        }
        if (!buffering.longest().isZero()) {
            words.add("flush=" + Values.time(buffering.longest()));
        }
        if (buffering.gzip() > 0) {
            words.add("gzip=" + buffering.gzip());
        }
        if (!condition.isEmpty()) {
            words.add("if=" + condition);
        }
        return words;
    }
}
