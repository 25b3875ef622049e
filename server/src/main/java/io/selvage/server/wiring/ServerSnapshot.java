package io.selvage.server.wiring;

import io.selvage.cache.FileCacheCounts;
import io.selvage.cache.FileCacheSettings;
import io.selvage.server.engine.CarrierSnapshot;
import io.selvage.server.http.ConnectionCounts;
import java.util.List;
import java.util.Map;

/// A server at one moment, for display. Its parts are taken one after the other while the server runs, so their numbers need not
/// fit together exactly.
///
/// @param life its start, its configurations, and its end
/// @param connections of clients
/// @param mostConnections the most client connections at a time
/// @param io what runs the connections
/// @param upstreams in the order of the configuration; addresses that are passed to directly follow
/// @param caches the caches of files, by their settings
public record ServerSnapshot(ServerLife.Snapshot life, ConnectionCounts connections, int mostConnections, CarrierSnapshot io,
        List<GroupSnapshot> upstreams, Map<FileCacheSettings, FileCacheCounts> caches) {
    public ServerSnapshot {
        upstreams = List.copyOf(upstreams);
        caches = Map.copyOf(caches);
    }
}
