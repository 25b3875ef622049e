package io.selvage.server.module;

import io.selvage.cache.FileCache;
import io.selvage.cache.FileCacheCounts;
import io.selvage.cache.FileCacheSettings;
import io.selvage.cache.OpenFiles;
import io.selvage.loadbalancer.PeerStates;
import io.selvage.server.acme.AcmeCertificates;
import io.selvage.server.acme.CertificateSpec;
import io.selvage.server.acme.IssuerSpec;
import io.selvage.server.config.Config;
import io.selvage.server.net.Io;
import io.selvage.server.observe.LatencyFiles;
import io.selvage.server.observe.LogFiles;
import io.selvage.server.proxy.DnsLookup;
import io.selvage.server.proxy.HealthProbes;
import io.selvage.server.proxy.LoopDetection;
import io.selvage.server.proxy.Resolver;
import io.selvage.server.proxy.SystemLookup;
import io.selvage.server.proxy.UpstreamMaintenance;
import io.selvage.server.redis.RedisAddress;
import io.selvage.server.redis.RedisStore;
import io.selvage.server.tls.CertificateStore;
import io.selvage.server.tls.TlsEngine;
import io.selvage.server.tls.TlsEngineChoice;
import io.selvage.server.tls.TlsEngines;
import io.selvage.server.trace.ExportOptions;
import io.selvage.server.trace.SpanExport;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What outlives a configuration: files in memory, what is known of peers, open logs, counters of limits.
public final class ServerState {
    private static final Duration NAMES_VALID = Duration.ofSeconds(10);
    private static final int READERS = 8;
    private static final int DNS_THREADS = 2;
    private static final Duration EXPIRY_REPORTS = Duration.ofHours(1);

    private final Io io;
    private final LogFiles logs;
    private final LatencyFiles latencies;
    private final MetricsState metrics;
    private final OpenFiles openFiles;
    private final Map<FileCacheSettings, FileCache> caches = new ConcurrentHashMap<>();
    /// Reads files into memory. Platform threads, because a virtual one that a carrier starts would run on that carrier.
    private final ExecutorService reading = Executors.newFixedThreadPool(READERS,
            Thread.ofPlatform().daemon().name("selvage-read-", 0).factory());
    private final PeerStates peers;
    private final Map<Kept, Object> kept = new ConcurrentHashMap<>();
    private @Nullable AcmeCertificates acme;                   // once one is ordered; guarded by this
    private final CertificateStore certificates;
    private @Nullable TlsEngine tls;                           // once it is needed
    private TlsEngineChoice tlsChoice = TlsEngineChoice.AUTO;  // of `tls`
    private final Thread expiry = Thread.ofVirtual().name("selvage-expiry").unstarted(this::reportExpiry);
    private final LoopDetection loopMark = LoopDetection.withRandomName(new SplittableRandom());
    private final UpstreamMaintenance upkeep;
    private final HealthProbes probes;
    private final SystemLookup lookup = new SystemLookup(NAMES_VALID);
    private final Resolver resolver = new Resolver(lookup);
    private final ExecutorService dns = Executors.newFixedThreadPool(DNS_THREADS,
            Thread.ofPlatform().daemon().name("selvage-dns-", 0).factory());

    private @Nullable SpanExport spans;                        // once a configuration traces; guarded by this

    /// @param logs the open log files; hosts that are not found are reported to its main one
    /// @param openFiles how many of the files that are served may be kept open
    public ServerState(Io io, LogFiles logs, OpenFiles openFiles) {
        this.io = io;
        this.logs = logs;
        this.openFiles = openFiles;
        this.peers = new PeerStates(new HealthReports(logs));
        this.latencies = new LatencyFiles(io, logs);
        this.metrics = new MetricsState(io, logs::warn);
        this.certificates = new CertificateStore(InstantSource.system(), System::nanoTime, new CertificateReports(logs));
        metrics.add(new StateFamilies(io::snapshot, () -> caches.values().stream().map(FileCache::counts).toList(),
                this::certificateEnds, this::spanCounts)::register);
        this.upkeep = new UpstreamMaintenance(System::nanoTime, new SplittableRandom(), logs::warn);
        this.probes = new HealthProbes(io, new SplittableRandom());
        upkeep.start();
    }

    public Io io() {
        return io;
    }

    public LogFiles logs() {
        return logs;
    }

    public LatencyFiles latencies() {
        return latencies;
    }

    public MetricsState metrics() {
        return metrics;
    }

    /// The cache with these settings; locations with equal settings share one.
    FileCache files(FileCacheSettings settings) {
        return caches.computeIfAbsent(settings, cached ->
                new FileCache(cached, System::nanoTime, InstantSource.system(), reading, openFiles));
    }

    /// The counters of every cache, by its settings.
    public Map<FileCacheSettings, FileCacheCounts> cacheCounts() {
        return caches.entrySet().stream().collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, cache ->
                cache.getValue().counts()));
    }

    /// The live states of peers, and what an operator has changed of them.
    public PeerStates peers() {
        return peers;
    }

    /// An object that outlives a configuration because the next one requests it with an equal key.
    ///
    /// @param key identifies it; equal keys of one type get the same object
    /// @param make creates it; called once for each key
    <K, T> T keep(Class<T> type, K key, Function<K, T> make) {
        return type.cast(kept.computeIfAbsent(new Kept(type, key), _ -> make.apply(key)));
    }

    /// Connects to the stores of limits that are not connected yet.
    public void startStores() {
        stores().forEach(RedisStore::start);
    }

    /// Closes the stores that a configuration does not name, and forgets the zones that were counted in them. Requests that have
    /// started before count for this server alone.
    public void keepStores(Config config) {
        Set<RedisAddress> used = LimitModule.stores(config);
        kept.keySet().removeIf(each -> each.key instanceof LimitModule.Stored zone
                && zone.store().filter(store -> !used.contains(store)).isPresent());
        stores().filter(store -> !used.contains(store.address())).toList().forEach(store -> {
            kept.remove(new Kept(RedisStore.class, store.address()));
            store.close();
        });
    }

    private Stream<RedisStore> stores() {
        return kept.values().stream().filter(RedisStore.class::isInstance).map(RedisStore.class::cast);
    }

    private record Kept(Class<?> type, Object key) {
    }

    /// The certificates of ACME servers.
    synchronized AcmeCertificates acme() {
        AcmeCertificates known = acme;
        if (known == null) {
            known = new AcmeCertificates((severity, message) -> logs.main().log(severity, message));
            acme = known;
        }
        return known;
    }

    /// The certificates of all sites.
    public CertificateStore certificates() {
        return certificates;
    }

    /// What does TLS; chosen by the first configuration that needs it, for the whole life of the process.
    ///
    /// @throws IOException if the wanted engine cannot be used on this machine
    synchronized TlsEngine tls(TlsEngineChoice wanted) throws IOException {
        TlsEngine known = tls;
        if (known == null) {
            known = select(wanted);
            tls = known;
            tlsChoice = wanted;
            expiry.start();
        } else if (wanted != tlsChoice) {
            logs.warn("\"ssl_engine\" is not changed by a reload: the TLS engine is still \"" + known.name() + "\"");
        }
        return known;
    }

    private void reportExpiry() {
        try {
            while (true) {
                Thread.sleep(EXPIRY_REPORTS);
                certificates.reportExpiry();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// When each certificate ends, by its file, or by its names if an ACME server has issued it.
    private synchronized Map<String, Instant> certificateEnds() {
        Map<String, Instant> ends = new TreeMap<>(certificates.ends());
        if (acme != null) {
            ends.putAll(acme.ends());
        }
        return ends;
    }

    private static TlsEngine select(TlsEngineChoice wanted) throws IOException {
        try {
            return TlsEngines.select(wanted);
        } catch (IllegalStateException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /// Makes these certificates of ACME servers, and no others, be ordered and renewed.
    public synchronized void order(Map<IssuerSpec, List<CertificateSpec>> wanted) {
        if (acme != null || !wanted.isEmpty()) {
            acme().use(wanted);
        }
    }

    /// Receives the spans of exchanges.
    synchronized SpanExport spans() {
        SpanExport known = spans;
        if (known == null) {
            known = new SpanExport((severity, message) -> logs.main().log(severity, message));
            spans = known;
        }
        return known;
    }

    private synchronized SpanExport.Counts spanCounts() {
        return spans == null ? SpanExport.Counts.NONE : spans.counts();
    }

    /// Exports spans as a configuration says from now on.
    public synchronized void export(Config config) {
        Optional<ExportOptions> options = TraceModule.exportOptions(config);
        if (spans != null || options.isPresent()) {
            spans().use(options);
        }
    }

    /// Gives what root has created for another user to that user.
    ///
    /// @throws IOException if the owner of a file cannot be changed
    public synchronized void giveTo(String user) throws IOException {
        logs.giveTo(user, latencies.paths());
        if (acme != null) {
            acme.giveTo(FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(user));
        }
    }

    /// One object for all configurations, so that a request loop is detected across a reload.
    LoopDetection loopMark() {
        return loopMark;
    }

    /// Looks up the names of peers again, and closes expired connections to them.
    public UpstreamMaintenance upkeep() {
        return upkeep;
    }

    /// What probes the peers.
    public HealthProbes probes() {
        return probes;
    }

    /// The lookup of the operating system.
    SystemLookup lookup() {
        return lookup;
    }

    /// Asks the operating system.
    Resolver resolver() {
        return resolver;
    }

    /// Asks name servers. Equal options share one, with its cache.
    Resolver resolver(DnsLookup.Options options) {
        return keep(Resolver.class, options, key -> new Resolver(new DnsLookup(key, dns)));
    }

    /// Ends the threads, and closes the stores and the files; the main logs come last.
    public synchronized void close() {
        stores().forEach(RedisStore::close);
        if (acme != null) {
            acme.close();
        }
        if (spans != null) {
            spans.close();
        }
        probes.close();
        upkeep.close();
        expiry.interrupt();
        reading.shutdown();
        lookup.close();
        dns.shutdownNow();
        latencies.close();
        metrics.stop();
        logs.close();
    }
}
