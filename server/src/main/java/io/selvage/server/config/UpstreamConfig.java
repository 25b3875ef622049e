package io.selvage.server.config;

import java.time.Duration;
import java.util.List;

/// A group of peers: `upstream`.
///
/// @param servers never empty
public record UpstreamConfig(String name, Balance balance, Idle idle, List<UpstreamServer> servers) {
    /// Connections that are kept open between exchanges.
    ///
    /// @param connections how many idle ones at most; 0 to keep none
    /// @param requests exchanges that a connection may have
    /// @param time how old a connection may get
    /// @param timeout how long a connection may be idle
    public record Idle(
            @Setting("keepalive 32") int connections,
            @Setting("keepalive_requests 1000") int requests,
            @Setting("keepalive_time 1h") Duration time,
            @Setting("keepalive_timeout 60s") Duration timeout) {}

    public UpstreamConfig {
        servers = List.copyOf(servers);
    }
}
