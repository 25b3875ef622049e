package io.selvage.server.module;

import io.selvage.server.config.Config;
import io.selvage.server.config.Section;
import io.selvage.server.observe.ErrorLog;
import io.selvage.server.observe.LatencyFile;
import io.selvage.server.observe.LatencyFiles;
import io.selvage.server.observe.LogFile;
import io.selvage.server.tls.ClientCertificates;
import io.selvage.server.tls.KeyCache;
import io.selvage.server.tls.KeyPairFiles;
import io.selvage.server.tls.TlsEngine;
import io.selvage.server.tls.WatchedKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The objects that the locations of one configuration share, such as peer groups, logs and certificates. Used by one thread,
/// while the runtime configuration is built.
public final class ConfigScope {
    private final Config config;
    private final Section http;
    private final ServerState state;
    private final Optional<MetricsState.Running> metrics;
    private final Peers peers;
    private final AcmeSites acme;
    private final HealthChecks healthChecks;
    private final PeerTlsClients peerTls = new PeerTlsClients(this);
    private final Map<Path, LogFile.Buffering> logs = new HashMap<>();
    private final Set<LatencyFiles.Name> latencies = new HashSet<>();
    private final Set<KeyPairFiles> certificates = new HashSet<>();
    private final Map<TlsSettings.ClientAuth, ClientCertificates> clientCertificates = new HashMap<>();

    /// @param state outlives the configuration; counts exchanges from here on if the configuration shows metrics
    public ConfigScope(Config config, ServerState state) {
        this.config = config;
        this.http = config.block(Contexts.HTTP);
        this.state = state;
        this.metrics = MetricsSettings.areWanted(config) ? Optional.of(state.metrics().start(AdminModule.isThere(config)))
                : Optional.empty();
        this.healthChecks = new HealthChecks(http);
        this.peers = new Peers(http, state, healthChecks);
        this.acme = new AcmeSites(http, state);
    }

    /// The settings of the `http` block.
    public Section http() {
        return http;
    }

    /// The state that outlives the configuration.
    ServerState state() {
        return state;
    }

    /// What counts the exchanges; empty if the configuration shows no metrics.
    Optional<MetricsState.Running> metrics() {
        return metrics;
    }

    public Peers peers() {
        return peers;
    }

    /// The certificates that the sites order.
    public AcmeSites acme() {
        return acme;
    }

    /// The active health checks of the locations.
    HealthChecks healthChecks() {
        return healthChecks;
    }

    /// What makes the handshakes with peers.
    PeerTlsClients peerTls() {
        return peerTls;
    }

    /// The main error log.
    public ErrorLog errorLog() {
        return LogModule.errorLog(config.get(LogModule.ErrorLogSettings.class), this);
    }

    LogFile log(Path path) {
        logs.putIfAbsent(path, LogFile.Buffering.NONE);
        return state.logs().file(path);
    }

    LogFile syslog(SyslogServer server) {
        logs.putIfAbsent(server.name(), LogFile.Buffering.NONE);
        return state.logs().syslog(server.name(), server::socketAddress);
    }

    /// @throws java.io.UncheckedIOException when the file cannot be written
    LogFile writableLog(Path path, LogFile.Buffering buffering) {
        LogFile file = state.logs().writable(path);
        logs.put(path, buffering);
        return file;
    }

    /// A file for what only its owner may read.
    ///
    /// @throws IOException when it cannot be written
    LogFile secretLog(Path path) throws IOException {
        LogFile file = state.logs().secret(path);
        logs.put(path, LogFile.Buffering.NONE);
        return file;
    }

    /// @throws java.io.UncheckedIOException when the file cannot be written
    LatencyFile latencyFile(LatencyFiles.Name name) {
        latencies.add(name);
        return state.latencies().file(name);
    }

    /// What does TLS in this process.
    ///
    /// @throws IOException if the wanted engine cannot be used on this machine
    public TlsEngine tls() throws IOException {
        return state.tls(TlsModule.engine(config));
    }

    /// The certificate of some files, which the process keeps while a configuration uses it.
    ///
    /// @throws IOException if the files cannot be used
    WatchedKey certificate(KeyPairFiles files) throws IOException {
        certificates.add(files);
        return state.certificates().use(files);
    }

    /// What is demanded of certificates of clients. Sites with equal settings share it, so that their files are read once.
    ///
    /// @throws IOException if the files cannot be used
    ClientCertificates clientCertificates(TlsSettings.ClientAuth settings) throws IOException {
        ClientCertificates known = clientCertificates.get(settings);
        if (known == null) {
            known = TlsPolicies.clientCertificates(settings);
            clientCertificates.put(settings, known);
        }
        return known;
    }

    /// The cache of certificates that are known only when a client connects. Equal options share one, which a reload keeps.
    KeyCache keyCache(KeyCache.Options options) {
        return state.keep(KeyCache.class, options, key -> new KeyCache(state.certificates(), key));
    }

    /// The files of every certificate in use.
    public Set<KeyPairFiles> certificates() {
        return Set.copyOf(certificates);
    }

    /// Every log file in use, and its buffering.
    public Map<Path, LogFile.Buffering> logs() {
        return Map.copyOf(logs);
    }

    /// Every latency log in use.
    public Set<LatencyFiles.Name> latencies() {
        return Set.copyOf(latencies);
    }
}
