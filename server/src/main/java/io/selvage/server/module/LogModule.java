package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Codec;
import io.selvage.server.config.Context;
import io.selvage.server.config.Directives;
import io.selvage.server.config.Line;
import io.selvage.server.config.Printable;
import io.selvage.server.config.Setting;
import io.selvage.server.config.Values;
import io.selvage.server.http.Explanation;
import io.selvage.server.http.Template;
import io.selvage.server.http.Text;
import io.selvage.server.net.ByteText;
import io.selvage.server.observe.AccessLog;
import io.selvage.server.observe.ErrorLog;
import io.selvage.server.observe.Escape;
import io.selvage.server.observe.ExchangeLog;
import io.selvage.server.observe.LatencyFiles;
import io.selvage.server.observe.LatencyLog;
import io.selvage.server.observe.LogFiles;
import io.selvage.server.observe.LogFormat;
import io.selvage.server.observe.Severity;
import io.selvage.server.observe.SyslogAccessLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Access logs, error logs and latency logs.
final class LogModule implements Module {
    static final String COMBINED = "combined";
    /// A configuration may define another one of this name.
    static final String JSON_FULL = "json_full";

    /// Of the process, and of each site and location.
    record ErrorLogSettings(
            @Setting(value = "error_log stderr error", doc = "Logs errors to a file, from a level on.",
                    differs = "the default is standard error; `json` after the level writes JSON") List<ErrorLogTarget> logs) {
        ErrorLogSettings {
            logs = List.copyOf(logs);
        }
    }

    record LogFormats(
            @Setting(value = "log_format", doc = "Defines a format for access logs.",
                    differs = "`json_full` is predefined; `escape=json` also escapes bytes that are not UTF-8")
                    List<LogFormat> formats) {
        LogFormats {
            formats = List.copyOf(formats);
        }

        private LogFormat named(String name) {
            return formats.stream().filter(format -> format.name().equals(name)).findFirst()
                    .orElseGet(() -> name.equals(JSON_FULL) ? jsonFull() : combined());
        }
    }

    /// @param access empty to write no access log
    /// @param latencies empty to count nothing
    record LogSettings(
            @Setting(value = "access_log /dev/stdout combined", also = "if limit_except",
                    doc = "Writes a line for each exchange to a file.", differs = "the default is standard output")
                    List<AccessLogTarget> access,
            @Setting(value = "open_log_file_cache off", doc = "Keeps log files with variables in their names open.",
                    differs = "at most 64 files") OpenLogFileCache openFiles,
            @Setting(value = "log_subrequest off", doc = "Logs subrequests to the access log, too.") boolean subrequests,
            @Setting(value = "latency_log off", doc = "Writes the durations of exchanges to an HdrHistogram log.",
                    differs = "nginx has no such directive") List<LatencyFiles.Name> latencies) {
        LogSettings {
            access = List.copyOf(access);
            latencies = List.copyOf(latencies);
        }
    }

    /// `error_log`
    ///
    /// @param file [LogFiles#STDERR] for standard error, or the name of the syslog server
    /// @param syslog nothing for a file
    /// @param json true to write JSON
    record ErrorLogTarget(Path file, Optional<SyslogServer> syslog, Severity level, boolean json) implements Printable {
        static ErrorLogTarget read(Line line) {
            Argument file = line.argument(0);
            if (file.text().startsWith("memory:")) {
                file.notBuilt();
            }
            Severity level = line.count() > 1 ? line.argument(1).choice(Severity.class) : Severity.ERROR;
            boolean json = line.count() > 2;
            if (json && !line.argument(2).is("json")) {
                line.argument(2).refuse("\"json\"");
            }
            Optional<SyslogServer> syslog = SyslogServer.read(file);
            return new ErrorLogTarget(syslog.isPresent() ? syslog.get().name() : file.is("stderr") ? LogFiles.STDERR
                    : file.output(), syslog, level, json);
        }

        ErrorLog.Sink sink(ConfigScope shared) {
            return new ErrorLog.Sink(level, syslog.map(shared::syslog).orElseGet(() -> shared.log(file)),
                    syslog.map(SyslogServer::header), json);
        }

        @Override
        public List<String> words() {
            String name = syslog.map(SyslogServer::word).orElseGet(() -> ByteText.of(file));
            return json ? List.of(name, level.toString(), "json") : List.of(name, level.toString());
        }
    }

    @Override
    public Directives directives() {
        return new Directives()
                .settings(LogFormats.class, Contexts.HTTP)
                .settings(LogSettings.class, Contexts.HTTP, Contexts.SERVER, Contexts.LOCATION)
                .settings(ErrorLogSettings.class, Context.MAIN, Contexts.HTTP, Contexts.SERVER, Contexts.LOCATION)
                .collection(LogFormat.class, Codec.named(Codec.line(2, Integer.MAX_VALUE, LogModule::format, LogModule::words),
                        LogFormat::name, Set.of(COMBINED)))
                .codec(OpenLogFileCache.class, Codec.line(1, 4, OpenLogFileCache::read))
                .codec(AccessLogTarget.class, Codec.line(1, Integer.MAX_VALUE, AccessLogTarget::read))
                .codec(ErrorLogTarget.class, Codec.line(1, 3, ErrorLogTarget::read))
                .codec(LatencyFiles.Name.class, Codec.line(1, 2, LatencyLogLine::read, LatencyLogLine::words));
    }

    @Override
    public void assemble(LocationBuilder location) {
        LogSettings set = location.get(LogSettings.class);
        LogFormats formats = location.http(LogFormats.class);
        if (set.subrequests) {
            location.logSubrequests();
        }
        set.access.forEach(log -> location.log(accessLog(location, log, formats.named(log.format()))));
        set.latencies.forEach(log ->
                location.log(new LatencyLog(location.shared().latencyFile(log), location.name(), System::nanoTime)));
    }

    private static ExchangeLog accessLog(LocationBuilder location, AccessLogTarget log, LogFormat format) {
        ConfigScope shared = location.shared();
        Text condition = log.condition().isEmpty() ? AccessLog.ALWAYS : log.condition();
        if (log.syslog().isPresent()) {
            SyslogServer server = log.syslog().get();
            return new SyslogAccessLog(shared.syslog(server), server.header(), server.level(), format, condition,
                    shared.state().logs().time());
        }
        if (log.file().isLiteral()) {
            return AccessLog.to(shared.writableLog(ByteText.path(log.file().start()), log.buffering()), format, condition);
        }
        LogFiles logs = shared.state().logs();
        LogFiles.Cache cache = location.get(LogSettings.class).openFiles.cache();
        Text root = location.get(FileModule.FileSettings.class).folder().place();
        Text checked = root instanceof Template text && text.isLiteral() ? Template.EMPTY : root;
        return new AccessLog(exchange -> logs.varying(log.file().apply(exchange), checked.apply(exchange), cache),
                Explanation.written(log.file()), format, condition);
    }

    /// Combines several files, each with its own threshold, into one log.
    static ErrorLog errorLog(ErrorLogSettings set, ConfigScope shared) {
        return new ErrorLog(set.logs.stream().map(log -> log.sink(shared)).toList(),
                shared.state().logs().time());
    }

    private static LogFormat combined() {
        return predefined(COMBINED, Escape.DEFAULT,
                "$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent "
                + "\"$http_referer\" \"$http_user_agent\"");
    }

    private static LogFormat jsonFull() {
        Stream<String> numbers = Stream.of("msec", "status", "request_time", "request_length", "bytes_sent", "body_bytes_sent",
                "connection", "connection_requests", "pid");
        Stream<String> texts = Stream.of("remote_addr", "remote_port", "remote_user", "request_id", "request", "request_method",
                "scheme", "host", "server_name", "server_addr", "server_port", "server_protocol", "request_uri", "uri", "args",
                "request_completion", "sent_http_content_type", "sent_http_location", "http_referer", "http_user_agent",
                "http_x_forwarded_for", "ssl_protocol", "ssl_cipher", "ssl_server_name", "gzip_ratio", "proxy_host",
                "upstream_addr", "upstream_status", "upstream_queue_time", "upstream_connect_time", "upstream_header_time",
                "upstream_response_time", "upstream_response_length", "upstream_bytes_sent", "upstream_bytes_received",
                "limit_req_status", "limit_conn_status");
        String members = Stream.concat(numbers.map(name -> ",\"" + name + "\":$" + name),
                texts.map(name -> ",\"" + name + "\":\"$" + name + "\"")).collect(Collectors.joining());
        return predefined(JSON_FULL, Escape.JSON, "{\"time\":\"$time_iso8601\"" + members + "}");
    }

    private static LogFormat predefined(String name, Escape escape, String line) {
        return new LogFormat(name, escape, Template.parse(line,
                (variable, _) -> Modules.VARIABLES.find(variable).orElseThrow()).orElseThrow());
    }

    private static LogFormat format(Line line) {
        Argument second = line.argument(1);
        boolean escaped = second.word().key().equals("escape") && second.text().contains("=");
        Escape escape = escaped ? second.option().choice(Escape.class) : Escape.DEFAULT;
        List<Template> pieces = line.argumentsFrom(escaped ? 2 : 1).stream().map(Argument::template).toList();
        return new LogFormat(line.argument(0).name(), escape, Template.joined(pieces));
    }

    private static List<String> words(LogFormat format) {
        List<String> words = new ArrayList<>(List.of(format.name(), format.line().toString()));
        if (format.escape() != Escape.DEFAULT) {
            words.add(1, "escape=" + Argument.written(format.escape()));
        }
        return words;
    }

    /// `latency_log`
    private static final class LatencyLogLine {
        private static final Duration USUAL = Duration.ofSeconds(1);
        private static final Duration SHORTEST = Duration.ofMillis(100);
        private static final Duration LONGEST = Duration.ofHours(1);

        static LatencyFiles.Name read(Line line) {
            Argument file = line.argument(0);
            if (file.text().contains("$")) {
                file.refuse("a file name without variables");
            } else if (file.text().startsWith("syslog:")) {
                file.notBuilt();
            } else if (file.text().startsWith("interval=")) {
                file.refuse("a file name before \"interval=\"");
            }
            Duration interval = USUAL;
            for (Argument argument : line.argumentsFrom(1)) {
                switch (argument.word().key()) {
                    case "interval" -> interval = interval(argument.option());
                    default -> argument.unknown();
                }
            }
            return new LatencyFiles.Name(file.output(), interval);
        }

        private static Duration interval(Argument argument) {
            OptionalLong millis = Values.millis(argument.text());
            if (millis.isEmpty() || millis.getAsLong() < SHORTEST.toMillis() || millis.getAsLong() > LONGEST.toMillis()) {
                argument.refuse("a time from 100ms to 1h");
                return USUAL;
            }
            return Duration.ofMillis(millis.getAsLong());
        }

        static List<String> words(LatencyFiles.Name log) {
            return log.interval().equals(USUAL) ? List.of(ByteText.of(log.file()))
                    : List.of(ByteText.of(log.file()), "interval=" + Values.time(log.interval()));
        }
    }
}
