package io.selvage.server.config;

import java.nio.file.Path;
import java.time.Duration;

/// The connection to the client, and the bodies it sends.
///
/// @param maxBodySize bytes; 0 for no bound
/// @param bodyTimeout between two reads, as `sendTimeout` is between two writes
/// @param keepaliveRequests how many exchanges a connection may have
/// @param keepaliveTime how old a connection may get
public record ClientConfig(
        @Setting("client_max_body_size 1m") long maxBodySize,
        @Setting("client_body_buffer_size 16k") long bodyBufferSize,
        @Setting("client_body_temp_path client_body_temp") Path bodyTempPath,
        @Setting("client_body_timeout 60s") Duration bodyTimeout,
        @Setting("send_timeout 60s") Duration sendTimeout,
        @Setting("keepalive_timeout 75s") KeepAliveTimeout keepaliveTimeout,
        @Setting("keepalive_requests 1000") int keepaliveRequests,
        @Setting("keepalive_time 1h") Duration keepaliveTime,
        @Setting("lingering_close on") LingeringClose lingeringClose,
        @Setting("lingering_time 30s") Duration lingeringTime,
        @Setting("lingering_timeout 5s") Duration lingeringTimeout,
        @Setting("reset_timedout_connection off") boolean resetTimedoutConnection,
        @Setting("tcp_nodelay on") boolean tcpNodelay) {
    /// Whether to go on reading before a connection is closed on a client that may still be sending.
    public enum LingeringClose { OFF, ON, ALWAYS }
}
