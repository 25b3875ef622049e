package io.selvage.server.config;

import java.util.List;

/// How much one client, or one key, may have.
///
/// @param rate bytes a second for each answer; 0 for no bound
/// @param rateAfter bytes of an answer that go out before `rate` holds
public record LimitsConfig(
        @Setting("limit_req") List<LimitRequests> requests,
        @Setting(value = "limit_req_status 503", least = 400, most = 599) int requestsStatus,
        @Setting("limit_req_dry_run off") boolean requestsDryRun,
        @Setting("limit_req_log_level error") LogLevel requestsLogLevel,
        @Setting("limit_conn") List<LimitConnections> connections,
        @Setting(value = "limit_conn_status 503", least = 400, most = 599) int connectionsStatus,
        @Setting("limit_conn_dry_run off") boolean connectionsDryRun,
        @Setting("limit_conn_log_level error") LogLevel connectionsLogLevel,
        @Setting("limit_rate 0") long rate,
        @Setting("limit_rate_after 0") long rateAfter) {
    /// The level at which a refusal is logged; a delay is one level below.
    public enum LogLevel { INFO, NOTICE, WARN, ERROR }

    public LimitsConfig {
        requests = List.copyOf(requests);
        connections = List.copyOf(connections);
    }
}
