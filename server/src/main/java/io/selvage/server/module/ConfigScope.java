package io.selvage.server.module;

import io.selvage.server.config.Config;
import io.selvage.server.config.Section;
import io.selvage.server.observe.ErrorLog;
import io.selvage.server.observe.LatencyFile;
import io.selvage.server.observe.LatencyFiles;
import io.selvage.server.observe.LogFile;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// What the locations of one configuration share: peers, and the names of the logs that they write. Used by one thread, while the
/// configuration is put to work.
public final class ConfigScope {
    private final Config config;
    private final Section http;
    private final ServerState state;
    private final Peers peers;
    private final Map<Path, LogFile.Buffering> logs = new HashMap<>();
    private final Set<LatencyFiles.Name> latencies = new HashSet<>();

    public ConfigScope(Config config, ServerState state) {
        this.config = config;
        this.http = config.block(Contexts.HTTP);
        this.state = state;
        this.peers = new Peers(http, state);
    }

    /// What all sites share.
    public Section http() {
        return http;
    }

    /// What outlives the configuration.
    ServerState state() {
        return state;
    }

    public Peers peers() {
        return peers;
    }

    /// Where the process writes what went wrong.
    public ErrorLog errorLog() {
        return LogModule.errorLog(config.get(LogModule.ErrorLogSettings.class), this);
    }

    LogFile log(Path path) {
        logs.putIfAbsent(path, LogFile.Buffering.NONE);
        return state.logs().file(path);
    }

    /// @throws java.io.UncheckedIOException when the file cannot be written
    LogFile writableLog(Path path, LogFile.Buffering buffering) {
        LogFile file = state.logs().writable(path);
        logs.put(path, buffering);
        return file;
    }

    /// @throws java.io.UncheckedIOException when the file cannot be written
    LatencyFile latencyFile(LatencyFiles.Name name) {
        latencies.add(name);
        return state.latencies().file(name);
    }

    /// Every log file that was asked for, and how its lines are collected.
    public Map<Path, LogFile.Buffering> logs() {
        return Map.copyOf(logs);
    }

    /// Every latency log that was asked for.
    public Set<LatencyFiles.Name> latencies() {
        return Set.copyOf(latencies);
    }
}
