package io.selvage.server.module;

import io.selvage.server.config.Config;
import io.selvage.server.config.Setting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// The process.
///
/// @param user empty to keep the user who started the process
/// @param workerShutdownTimeout zero for no bound
/// @param loaded names of modules, which are built or are not
/// @param pid empty for none
public record MainSettings(
        @Setting(value = "user", doc = "Sets the user and the group of a server that root starts.") User user,
        @Setting(value = "worker_processes auto", doc = "Sets the number of event loops; `auto` for one per processor.",
                differs = "they are threads of one process; `io jdk` has one thread for each processor instead") Workers workers,
        @Setting(value = "io auto", doc = "Chooses what runs connections: `carrier`, `jdk`, or `auto` for the first that works.",
                differs = "nginx has no such directive") IoMode io,
        @Setting(value = "worker_shutdown_timeout 0s",
                doc = "Limits how long exchanges continue after a reload, and in a graceful stop.")
                Duration workerShutdownTimeout,
        @Setting(value = "load_module", doc = "Names a module of nginx that the configuration needs.",
                differs = "loads nothing; a module that is not built is a warning, an unknown one an error")
                List<LoadedModule> loaded,
        @Setting(value = "pid", doc = "Names the file for the process id.", differs = "none without the directive") Path pid) {

    public MainSettings {
        loaded = List.copyOf(loaded);
    }

    public static MainSettings of(Config config) {
        return config.get(MainSettings.class);
    }
}
