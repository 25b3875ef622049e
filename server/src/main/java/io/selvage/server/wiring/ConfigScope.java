package io.selvage.server.wiring;

import io.selvage.server.config.AccessLogConfig;
import io.selvage.server.config.Config;
import io.selvage.server.config.ErrorLogConfig;
import io.selvage.server.config.LatencyLogConfig;
import io.selvage.server.config.LimitConnectionsZone;
import io.selvage.server.config.LimitRequestsZone;
import io.selvage.server.config.LogFormatConfig;
import io.selvage.server.http.Text;
import io.selvage.server.observe.AccessLog;
import io.selvage.server.observe.ErrorLog;
import io.selvage.server.observe.LatencyLog;
import io.selvage.server.observe.LogFile;
import io.selvage.server.observe.LogFormat;
import io.selvage.server.observe.LogTime;
import io.selvage.server.observe.Severity;
import io.selvage.server.route.ConnectionZone;
import io.selvage.server.route.RequestZone;
import io.selvage.server.route.VariableTable;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// What the locations of one configuration share: texts, peers, limits, logs.
final class ConfigScope {
    static final VariableTable VARIABLES =
            VariableTable.of(LogTime.system(), System::nanoTime, hostname(), ProductVersion.NUMBER);

    private final ServerState lasting;
    private final Templates templates;
    private final Peers peers;
    private final Map<String, RequestZone> requestZones;
    private final Map<String, ConnectionZone> connectionZones;
    private final Map<String, LogFormat> formats;
    private final Map<Path, LogFile.Buffering> logs = new HashMap<>();
    private final Set<LatencyLogConfig> latencies = new HashSet<>();

    ConfigScope(Config config, ServerState lasting) {
        this.lasting = lasting;
        this.templates = new Templates(VARIABLES);
        this.peers = new Peers(config.http(), templates, lasting);
        this.requestZones = config.http().limitRequestsZones().stream()
                .collect(Collectors.toMap(LimitRequestsZone::name, zone -> lasting.zones().of(zone, templates)));
        this.connectionZones = config.http().limitConnectionsZones().stream()
                .collect(Collectors.toMap(LimitConnectionsZone::name, zone -> lasting.zones().of(zone, templates)));
        this.formats = config.http().logFormats().stream().collect(Collectors.toMap(LogFormatConfig::name, templates::logFormat));
    }


    static String hostname() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    ServerState lasting() {
        return lasting;
    }

    Templates templates() {
        return templates;
    }

    Peers peers() {
        return peers;
    }

    RequestZone requestZone(String name) {
        return declared(requestZones, name);
    }

    ConnectionZone connectionZone(String name) {
        return declared(connectionZones, name);
    }

    /// The configuration was checked: what it names, it declares.
    private static <T> T declared(Map<String, T> things, String name) {
        T thing = things.get(name);
        if (thing == null) {
            throw new IllegalStateException("the configuration names \"" + name + "\" and does not declare it");
        }
        return thing;
    }

    /// Every log file that was asked for, and how its lines are collected.
    Map<Path, LogFile.Buffering> logs() {
        return Map.copyOf(logs);
    }

    /// @throws java.io.UncheckedIOException when the file cannot be written
    AccessLog accessLog(AccessLogConfig log) {
        Text condition = log.condition().isEmpty() ? AccessLog.ALWAYS : templates.text(log.condition());
        LogFormat format = declared(formats, log.format());
        if (log.file().isLiteral()) {
            Path path = Path.of(log.file().start());
            LogFile file = lasting.logs().writable(path);
            logs.put(path, new LogFile.Buffering(log.buffer(), log.flush()));
            return AccessLog.to(file, format, condition);
        }
        Text name = templates.text(log.file());
        return new AccessLog(exchange -> lasting.logs().varying(name.apply(exchange)), format, condition);
    }

    private LogFile file(Path path) {
        logs.putIfAbsent(path, LogFile.Buffering.NONE);
        return lasting.logs().file(path);
    }

    /// Every latency log that was asked for.
    Set<LatencyLogConfig> latencies() {
        return Set.copyOf(latencies);
    }

    /// @param location what it is called there
    /// @throws java.io.UncheckedIOException when the file cannot be written
    LatencyLog latencyLog(LatencyLogConfig log, String location) {
        latencies.add(log);
        return new LatencyLog(lasting.latencies().file(log), location, System::nanoTime);
    }

    /// Several files with one threshold each become one log with the lowest.
    ErrorLog errorLog(List<ErrorLogConfig> configured) {
        return new ErrorLog(configured.stream().map(log -> new ErrorLog.Sink(severity(log.level()), file(log.file()))).toList(),
                lasting.logs().time());
    }

    private static Severity severity(ErrorLogConfig.Level level) {
        return Severity.valueOf(level.name());
    }
}
