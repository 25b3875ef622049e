package io.selvage.server.config;

import java.util.List;

/// What is written down.
///
/// @param access empty to write no access log
/// @param latencies empty to count nothing
/// @param notFound whether files that are not there go to the error log
public record LogConfig(
        @Setting("access_log /dev/stdout combined") List<AccessLogConfig> access,
        @Setting("error_log stderr error") List<ErrorLogConfig> errors,
        @Setting("latency_log off") List<LatencyLogConfig> latencies,
        @Setting("log_not_found on") boolean notFound) {
    public LogConfig {
        access = List.copyOf(access);
        errors = List.copyOf(errors);
        latencies = List.copyOf(latencies);
    }

    LogConfig withErrors(List<ErrorLogConfig> other) {
        return new LogConfig(access, other, latencies, notFound);
    }
}
