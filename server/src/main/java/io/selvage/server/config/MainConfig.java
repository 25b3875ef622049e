package io.selvage.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// The process.
///
/// @param user empty to stay who started it
/// @param io what runs the connections; the command line may say otherwise
/// @param workerShutdownTimeout how long exchanges may go on under a configuration that was replaced; zero for no bound
/// @param pid where to write the process id; an empty path for nowhere
public record MainConfig(
        @Setting("user") User user,
        @Setting("worker_processes auto") Workers workers,
        @Setting("io auto") IoMode io,
        @Setting("worker_shutdown_timeout 0s") Duration workerShutdownTimeout,
        @Setting("pid") Path pid,
        @Setting("error_log stderr error") List<ErrorLogConfig> errorLogs) {
    public MainConfig {
        errorLogs = List.copyOf(errorLogs);
    }
}
