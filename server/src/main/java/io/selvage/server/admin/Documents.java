package io.selvage.server.admin;

import io.selvage.cache.FileCacheCounts;
import io.selvage.cache.FileCacheSettings;
import io.selvage.loadbalancer.PeerHealth;
import io.selvage.loadbalancer.PeerOverride;
import io.selvage.loadbalancer.Policy;
import io.selvage.loadbalancer.QueueSnapshot;
import io.selvage.loadbalancer.UpstreamOverrides;
import io.selvage.loadbalancer.UpstreamSnapshot;
import io.selvage.server.engine.CarrierSnapshot;
import io.selvage.server.http.ConnectionCounts;
import io.selvage.server.module.ProductVersion;
import io.selvage.server.net.AddressText;
import io.selvage.server.wiring.GroupSnapshot;
import io.selvage.server.wiring.ServerLife;
import io.selvage.server.wiring.ServerSnapshot;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonValue;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

import static io.selvage.server.admin.JsonLibrary.JSON;

/// The documents of the admin API, made of snapshots. Times are in RFC 3339, durations in seconds.
final class Documents {
    private Documents() {
    }

    /// What `/api/status` answers.
    ///
    /// @param listening the addresses for clients
    /// @param wrongTokens requests to the admin API with a wrong token
    static JsonObject status(ServerSnapshot server, List<SocketAddress> listening, long wrongTokens, Instant now) {
        return JSON.createObjectBuilder()
                .add("version", ProductVersion.NUMBER)
                .add("pid", ProcessHandle.current().pid())
                .add("now", time(now))
                .add("started", time(server.life().started()))
                .add("uptime_seconds", seconds(Duration.between(server.life().started(), now)))
                .add("state", server.life().draining() ? "draining" : "running")
                .add("configuration", configuration(server.life()))
                .add("listening", array(listening, address -> JSON.createValue(AddressText.withPort(address))))
                .add("connections", connections(server.connections(), server.mostConnections()))
                .add("io", io(server.io()))
                .add("caches", caches(server.caches()))
                .add("jvm", jvm())
                .add("admin", JSON.createObjectBuilder().add("wrong_tokens", wrongTokens))
                .build();
    }

    private static JsonObjectBuilder configuration(ServerLife.Snapshot life) {
        JsonObjectBuilder configuration = JSON.createObjectBuilder()
                .add("generation", life.generation())
                .add("loaded", time(life.loaded()));
        life.lastReload().ifPresent(reload -> {
            JsonObjectBuilder last = JSON.createObjectBuilder().add("at", time(reload.at()))
                    .add("successful", reload.problem().isEmpty());
            reload.problem().ifPresent(problem -> last.add("problem", problem));
            configuration.add("last_reload", last);
        });
        return configuration;
    }

    private static JsonObjectBuilder connections(ConnectionCounts counts, int most) {
        return JSON.createObjectBuilder()
                .add("accepted", counts.accepted())
                .add("requests", counts.requests())
                .add("active", counts.active())
                .add("reading", counts.reading())
                .add("writing", counts.writing())
                .add("waiting", counts.waiting())
                .add("limit", most);
    }

    private static JsonObjectBuilder io(CarrierSnapshot io) {
        return JSON.createObjectBuilder()
                .add("mode", io.mode())
                .add("carriers", array(io.carriers(), Documents::carrier));
    }

    private static JsonObject carrier(CarrierSnapshot.OfCarrier carrier) {
        return JSON.createObjectBuilder()
                .add("name", carrier.name())
                .add("connections", carrier.connections())
                .add("queued", carrier.queued())
                .add("turns", carrier.turns())
                .add("tasks", carrier.tasks())
                .add("cpu_seconds", carrier.cpuNanos() / 1e9)
                .add("lost_wakeups", carrier.bugs().lostWakeups())
                .add("failures", carrier.bugs().failures())
                .add("stuck", carrier.stalls().stuck())
                .add("stuck_episodes", carrier.stalls().episodes())
                .add("longest_burst_seconds", carrier.stalls().longestNanos() / 1e9)
                .build();
    }

    private static JsonArrayBuilder caches(Map<FileCacheSettings, FileCacheCounts> caches) {
        return array(caches.entrySet(), cache -> {
            FileCacheCounts counts = cache.getValue();
            return JSON.createObjectBuilder()
                    .add("limit_bytes", cache.getKey().maxBytes())
                    .add("bytes", counts.bytes())
                    .add("entries", counts.entries())
                    .add("hits", counts.hits())
                    .add("misses", counts.misses())
                    .add("evictions", counts.evicted())
                    .add("files_read", counts.read())
                    .build();
        });
    }

    private static JsonObjectBuilder jvm() {
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
        return JSON.createObjectBuilder()
                .add("heap_used_bytes", heap.getUsed())
                .add("heap_committed_bytes", heap.getCommitted())
                .add("heap_max_bytes", heap.getMax())
                .add("threads", ManagementFactory.getThreadMXBean().getThreadCount())
                .add("gc_collections", collectors.stream().mapToLong(each -> Math.max(0, each.getCollectionCount())).sum())
                .add("gc_seconds", collectors.stream().mapToLong(each -> Math.max(0, each.getCollectionTime())).sum() / 1e3);
    }

    /// What `/api/upstreams` answers.
    static JsonObject upstreams(List<GroupSnapshot> groups) {
        return JSON.createObjectBuilder().add("upstreams", array(groups, Documents::upstream)).build();
    }

    /// What `/api/upstreams/{name}` answers.
    static JsonObject upstream(GroupSnapshot group) {
        return JSON.createObjectBuilder()
                .add("name", group.name())
                .add("policy", policy(group.policy()))
                .add("revision", group.revision())
                .add("idle_connections", group.idleConnections())
                .add("queue", queue(group.queue()))
                .add("peers", array(group.peers(), peer -> peer(group, peer)))
                .build();
    }

    private static JsonObjectBuilder queue(QueueSnapshot queue) {
        return JSON.createObjectBuilder()
                .add("length", queue.length())
                .add("limit", queue.most())
                .add("longest_wait_seconds", seconds(queue.longestWait()))
                .add("last_wait_seconds", seconds(queue.lastWait()))
                .add("served", queue.totals().served())
                .add("refused", queue.totals().refused())
                .add("expired", queue.totals().expired())
                .add("left", queue.totals().left());
    }

    /// What `/api/upstreams/{name}/peers/{peer}` answers.
    static JsonObject peer(GroupSnapshot group, UpstreamSnapshot peer) {
        PeerHealth health = peer.health();
        JsonObjectBuilder document = JSON.createObjectBuilder()
                .add("address", peer.address())
                .add("state", word(health.state()))
                .add("reason", health.reason())
                .add("state_seconds", seconds(health.age()))
                .add("available", health.available())
                .add("weight", peer.weight())
                .add("backup", peer.backup())
                .add("in_flight", peer.inFlight())
                .add("requests", peer.totals().chosen())
                .add("successes", peer.totals().succeeded())
                .add("failures", peer.totals().failed())
                .add("fails", health.fails())
                .add("ejections", health.ejections())
                .add("checks", checks(health.probes()))
                .add("revision", group.revision());
        override(group.overrides(), peer.address()).ifPresent(override -> document.add("override", override));
        return document.build();
    }

    private static JsonObjectBuilder checks(PeerHealth.Probes probes) {
        return JSON.createObjectBuilder()
                .add("total", probes.checks())
                .add("failed", probes.fails())
                .add("unhealthy", probes.unhealthy())
                .add("last_passed", probes.lastPassed());
    }

    /// What an operator has changed of a peer; empty for nothing.
    private static Optional<JsonObjectBuilder> override(UpstreamOverrides overrides, String address) {
        PeerOverride changed = overrides.peers().getOrDefault(address, PeerOverride.NONE);
        boolean added = overrides.added().containsKey(address);
        if (changed.equals(PeerOverride.NONE) && !added) {
            return Optional.empty();
        }
        JsonObjectBuilder document = JSON.createObjectBuilder().add("added", added);
        changed.state().ifPresent(state -> document.add("state", word(state)));
        changed.weight().ifPresent(weight -> document.add("weight", weight));
        return Optional.of(document);
    }

    /// What `/api/overrides` answers.
    ///
    /// @param groups the upstreams that the configuration has
    static JsonObject overrides(Map<String, UpstreamOverrides> overrides, List<GroupSnapshot> groups) {
        JsonArrayBuilder all = JSON.createArrayBuilder();
        overrides.entrySet().stream().filter(each -> !each.getValue().isEmpty()).sorted(Map.Entry.comparingByKey())
                .forEach(each -> all.add(overrides(each.getKey(), each.getValue(), groups)));
        return JSON.createObjectBuilder().add("overrides", all).build();
    }

    private static JsonObjectBuilder overrides(String upstream, UpstreamOverrides overrides, List<GroupSnapshot> groups) {
        Set<String> present = groups.stream().filter(group -> group.name().equals(upstream))
                .flatMap(group -> group.peers().stream()).map(UpstreamSnapshot::address).collect(Collectors.toSet());
        Set<String> changed = new TreeSet<>(overrides.peers().keySet());
        changed.addAll(overrides.added().keySet());
        JsonArrayBuilder peers = JSON.createArrayBuilder();
        changed.forEach(address -> override(overrides, address).ifPresent(document ->
                peers.add(document.add("address", address).add("in_effect", present.contains(address)))));
        return JSON.createObjectBuilder()
                .add("upstream", upstream)
                .add("in_configuration", groups.stream().anyMatch(group -> group.name().equals(upstream)))
                .add("peers", peers)
                .add("removed", JSON.createArrayBuilder(overrides.removed().stream()
                        .filter(address -> !overrides.added().containsKey(address)).toList()));
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static String policy(Policy policy) {
        return switch (policy) {
            case Policy.RoundRobin() -> "round_robin";
            case Policy.LeastConnections() -> "least_conn";
            case Policy.IpHash() -> "ip_hash";
            case Policy.Hash(boolean consistent) -> consistent ? "hash consistent" : "hash";
            case Policy.BoundedHash(double factor) -> "hash consistent balance_factor=" + factor;
            case Policy.PeakEwmaOfTwo() -> "peak_ewma";
            case Policy.Random() -> "random";
            case Policy.LeastTime(boolean lastByte, _) -> lastByte ? "least_time last_byte" : "least_time header";
            case Policy.RandomTwo(Policy then) -> "random two " + policy(then);
        };
    }

    static Optional<GroupSnapshot> group(ServerSnapshot server, String name) {
        return server.upstreams().stream().filter(group -> group.name().equals(name)).findFirst();
    }

    private static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }

    static <T> JsonArrayBuilder array(Collection<T> items, Function<T, JsonValue> each) {
        JsonArrayBuilder array = JSON.createArrayBuilder();
        items.forEach(item -> array.add(each.apply(item)));
        return array;
    }
}
