package io.selvage.server.admin;

import io.selvage.cache.FileCacheCounts;
import io.selvage.cache.FileCacheSettings;
import io.selvage.loadbalancer.Policy;
import io.selvage.loadbalancer.UpstreamSnapshot;
import io.selvage.server.engine.CarrierSnapshot;
import io.selvage.server.http.ConnectionCounts;
import io.selvage.server.module.ProductVersion;
import io.selvage.server.net.AddressText;
import io.selvage.server.wiring.GroupSnapshot;
import io.selvage.server.wiring.ServerLife;
import io.selvage.server.wiring.ServerSnapshot;
import jakarta.json.Json;
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
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The documents of the admin API, made of snapshots. Times are in RFC 3339, durations in seconds.
final class Documents {
    private Documents() {
    }

    /// What `/api/status` answers.
    ///
    /// @param listening the addresses for clients
    static JsonObject status(ServerSnapshot server, List<SocketAddress> listening, Instant now) {
        return Json.createObjectBuilder()
                .add("version", ProductVersion.NUMBER)
                .add("pid", ProcessHandle.current().pid())
                .add("now", time(now))
                .add("started", time(server.life().started()))
                .add("uptime_seconds", seconds(Duration.between(server.life().started(), now)))
                .add("state", server.life().draining() ? "draining" : "running")
                .add("configuration", configuration(server.life()))
                .add("listening", array(listening, address -> Json.createValue(AddressText.withPort(address))))
                .add("connections", connections(server.connections(), server.mostConnections()))
                .add("io", io(server.io()))
                .add("caches", caches(server.caches()))
                .add("jvm", jvm())
                .build();
    }

    private static JsonObjectBuilder configuration(ServerLife.Snapshot life) {
        JsonObjectBuilder configuration = Json.createObjectBuilder()
                .add("generation", life.generation())
                .add("loaded", time(life.loaded()));
        life.lastReload().ifPresent(reload -> {
            JsonObjectBuilder last = Json.createObjectBuilder().add("at", time(reload.at()))
                    .add("successful", reload.problem().isEmpty());
            reload.problem().ifPresent(problem -> last.add("problem", problem));
            configuration.add("last_reload", last);
        });
        return configuration;
    }

    private static JsonObjectBuilder connections(ConnectionCounts counts, int most) {
        return Json.createObjectBuilder()
                .add("accepted", counts.accepted())
                .add("requests", counts.requests())
                .add("active", counts.active())
                .add("reading", counts.reading())
                .add("writing", counts.writing())
                .add("waiting", counts.waiting())
                .add("limit", most);
    }

    private static JsonObjectBuilder io(CarrierSnapshot io) {
        return Json.createObjectBuilder()
                .add("mode", io.mode())
                .add("carriers", array(io.carriers(), Documents::carrier));
    }

    private static JsonObject carrier(CarrierSnapshot.OfCarrier carrier) {
        return Json.createObjectBuilder()
                .add("name", carrier.name())
                .add("connections", carrier.connections())
                .add("queued", carrier.queued())
                .add("turns", carrier.turns())
                .add("tasks", carrier.tasks())
                .add("lost_wakeups", carrier.lostWakeups())
                .add("failures", carrier.failures())
                .add("stuck", carrier.stalls().stuck())
                .add("stuck_episodes", carrier.stalls().episodes())
                .add("longest_burst_seconds", carrier.stalls().longestNanos() / 1e9)
                .build();
    }

    private static JsonArrayBuilder caches(Map<FileCacheSettings, FileCacheCounts> caches) {
        return array(caches.entrySet(), cache -> {
            FileCacheCounts counts = cache.getValue();
            return Json.createObjectBuilder()
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
        return Json.createObjectBuilder()
                .add("heap_used_bytes", heap.getUsed())
                .add("heap_committed_bytes", heap.getCommitted())
                .add("heap_max_bytes", heap.getMax())
                .add("threads", ManagementFactory.getThreadMXBean().getThreadCount())
                .add("gc_collections", collectors.stream().mapToLong(each -> Math.max(0, each.getCollectionCount())).sum())
                .add("gc_seconds", collectors.stream().mapToLong(each -> Math.max(0, each.getCollectionTime())).sum() / 1e3);
    }

    /// What `/api/upstreams` answers.
    static JsonObject upstreams(List<GroupSnapshot> groups) {
        return Json.createObjectBuilder().add("upstreams", array(groups, Documents::upstream)).build();
    }

    /// What `/api/upstreams/{name}` answers.
    static JsonObject upstream(GroupSnapshot group) {
        return Json.createObjectBuilder()
                .add("name", group.name())
                .add("policy", policy(group.policy()))
                .add("idle_connections", group.idleConnections())
                .add("peers", array(group.peers(), Documents::peer))
                .build();
    }

    /// What `/api/upstreams/{name}/peers/{peer}` answers.
    static JsonObject peer(UpstreamSnapshot peer) {
        return Json.createObjectBuilder()
                .add("address", peer.address())
                .add("state", peer.down() ? "down" : peer.available() ? "up" : "unavailable")
                .add("weight", peer.weight())
                .add("backup", peer.backup())
                .add("in_flight", peer.inFlight())
                .add("fails", peer.fails())
                .add("requests", peer.totals().chosen())
                .add("successes", peer.totals().succeeded())
                .add("failures", peer.totals().failed())
                .build();
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
        JsonArrayBuilder array = Json.createArrayBuilder();
        items.forEach(item -> array.add(each.apply(item)));
        return array;
    }
}
