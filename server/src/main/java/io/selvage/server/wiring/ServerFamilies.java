package io.selvage.server.wiring;

import io.selvage.loadbalancer.PeerHealth;
import io.selvage.loadbalancer.QueueSnapshot;
import io.selvage.loadbalancer.UpstreamSnapshot;
import io.selvage.server.metrics.MetricName;
import io.selvage.server.metrics.MetricValues;
import io.selvage.server.metrics.Metrics;
import io.selvage.server.net.ConnectionLimit;
import io.selvage.server.proxy.PeerGroup;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/// The families of metrics about the connections and the current configuration: its peers, and how it became current.
///
/// @param connections of clients
/// @param current the configuration
/// @param life its reloads
record ServerFamilies(ConnectionLimit connections, CurrentConfig current, ServerLife life) {

    void register(Metrics metrics) {
        registerConnections(metrics);
        registerPeers(metrics);
        registerQueues(metrics);
        registerConfiguration(metrics);
    }

    private void registerConnections(Metrics metrics) {
        metrics.gauge(new MetricName("selvage_connections", "Connections of clients by what they do.", "state"), values -> {
            int reading = connections.reading();
            int waiting = connections.waiting();
            values.add(reading, "reading");
            values.add(waiting, "waiting");
            values.add(Math.max(0, connections.active() - reading - waiting), "writing");
        });
        metrics.gauge(new MetricName("selvage_connections_limit", "The most connections of clients at once."),
                values -> values.add(current.get().maxConnections()));
        metrics.counter(new MetricName("selvage_connections_accepted_total", "Connections of clients since the start."),
                values -> values.add(connections.accepted()));
    }

    private void registerPeers(Metrics metrics) {
        metrics.gauge(peer("selvage_peer_available", "1 if a request could get the peer now."),
                each(peer -> peer.available() ? 1 : 0));
        metrics.gauge(new MetricName("selvage_peer_state", "1 for the state that the peer is in.", "upstream", "peer", "state"),
                this::addStates);
        metrics.gauge(peer("selvage_peer_active_requests", "Requests that the peer has now."), each(UpstreamSnapshot::inFlight));
        metrics.gauge(peer("selvage_peer_weight", "The weight of the peer."), each(UpstreamSnapshot::weight));
        metrics.gauge(peer("selvage_peer_fails", "Failures that count for max_fails now."), each(UpstreamSnapshot::fails));
        metrics.counter(peer("selvage_peer_attempts_total", "How often the peer was chosen."),
                each(peer -> peer.totals().chosen()));
        metrics.counter(peer("selvage_peer_failures_total", "Attempts at the peer that failed."),
                each(peer -> peer.totals().failed()));
        metrics.counter(peer("selvage_peer_ejections_total", "How often outlier detection left the peer out."),
                each(peer -> peer.health().ejections()));
        metrics.counter(peer("selvage_peer_probes_total", "Active health checks of the peer."),
                each(peer -> peer.health().probes().checks()));
        metrics.counter(peer("selvage_peer_probe_failures_total", "Active health checks of the peer that failed."),
                each(peer -> peer.health().probes().fails()));
    }

    private static MetricName peer(String name, String help) {
        return new MetricName(name, help, "upstream", "peer");
    }

    private Consumer<MetricValues> each(ToDoubleFunction<UpstreamSnapshot> value) {
        return values -> {
            for (PeerGroup group : current.get().groups()) {
                group.upstream().snapshot().forEach(peer -> values.add(value.applyAsDouble(peer), group.name(), peer.address()));
            }
        };
    }

    private void registerConfiguration(Metrics metrics) {
        metrics.gauge(new MetricName("selvage_config_generation", "The number of the configuration; 1 after the start."),
                values -> values.add(life.snapshot().generation()));
        metrics.gauge(new MetricName("selvage_config_loaded_timestamp_seconds",
                "When the configuration became current, in seconds since 1970."),
                values -> values.add(life.snapshot().loaded().toEpochMilli() / 1e3));
        metrics.gauge(new MetricName("selvage_config_last_reload_timestamp_seconds",
                "When a reload was tried last, in seconds since 1970; 0 if none was."),
                values -> values.add(life.snapshot().lastReload().map(reload -> reload.at().toEpochMilli() / 1e3).orElse(0.0)));
        metrics.gauge(new MetricName("selvage_config_last_reload_success", "0 if the last reload failed; 1 otherwise."),
                values -> values.add(life.snapshot().lastReload().flatMap(ServerLife.Reload::problem).isPresent() ? 0 : 1));
    }

    private void registerQueues(Metrics metrics) {
        metrics.gauge(queue("length", "Requests that wait for a peer now."), eachQueue(QueueSnapshot::length));
        metrics.gauge(queue("limit", "The most requests that may wait."), eachQueue(QueueSnapshot::most));
        metrics.gauge(queue("longest_wait_seconds", "How long the first of them has waited."),
                eachQueue(queue -> seconds(queue.longestWait())));
        metrics.gauge(queue("last_wait_seconds", "How long the request waited that got a peer most recently."),
                eachQueue(queue -> seconds(queue.lastWait())));
        metrics.counter(queue("served_total", "Requests that got a peer after they had waited."),
                eachQueue(queue -> queue.totals().served()));
        metrics.counter(queue("refused_total", "Requests that found the queue full."),
                eachQueue(queue -> queue.totals().refused()));
        metrics.counter(queue("expired_total", "Requests that waited for the whole timeout."),
                eachQueue(queue -> queue.totals().expired()));
        metrics.counter(queue("left_total", "Requests whose client left while they waited."),
                eachQueue(queue -> queue.totals().left()));
    }

    private static MetricName queue(String name, String help) {
        return new MetricName("selvage_queue_" + name, help, "upstream");
    }

    /// Of the upstreams that have a queue.
    private Consumer<MetricValues> eachQueue(ToDoubleFunction<QueueSnapshot> value) {
        return values -> {
            for (PeerGroup group : current.get().groups()) {
                QueueSnapshot queue = group.upstream().queueSnapshot();
                if (queue.most() > 0) {
                    values.add(value.applyAsDouble(queue), group.name());
                }
            }
        };
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    private void addStates(MetricValues values) {
        for (PeerGroup group : current.get().groups()) {
            for (UpstreamSnapshot peer : group.upstream().snapshot()) {
                for (PeerHealth.State state : PeerHealth.State.values()) {
                    values.add(peer.health().state() == state ? 1 : 0, group.name(), peer.address(),
                            state.name().toLowerCase(Locale.ROOT));
                }
            }
        }
    }
}
