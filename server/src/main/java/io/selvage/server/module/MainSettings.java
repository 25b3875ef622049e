package io.selvage.server.module;

import io.selvage.server.config.Config;
import io.selvage.server.config.Setting;
import java.nio.file.Path;
import java.time.Duration;

/// The process.
///
/// @param user empty to stay who started it
/// @param workerShutdownTimeout zero for no bound
/// @param pid empty for none
public record MainSettings(
        @Setting(value = "user", doc = "The user, and the group, that a server which root starts becomes.") User user,
        @Setting(value = "worker_processes auto", doc = "How many event loops run; `auto` for one for each processor.",
                differs = "they are threads of one process") Workers workers,
        @Setting(value = "io auto", doc = "What runs the connections: `carrier`, `jdk`, or `auto` for the first that works.",
                differs = "nginx has no such directive") IoMode io,
        @Setting(value = "worker_shutdown_timeout 0s",
                doc = "How long exchanges may go on under a configuration that was replaced.") Duration workerShutdownTimeout,
        @Setting(value = "pid", doc = "The file that holds the process id.", differs = "none without the directive") Path pid) {

    public static MainSettings of(Config config) {
        return config.get(MainSettings.class);
    }
}
