package io.selvage.server.module;

import io.selvage.server.config.Config;
import io.selvage.server.config.Setting;

/// The settings of the `events` block.
///
/// @param workerConnections clients' connections for each event loop
public record EventsSettings(
        @Setting(value = "worker_connections 512", least = 1, doc = "Limits the open connections of each event loop.",
                differs = "all event loops share one count of clients' connections; if none is idle, incomplete request heads "
                        + "are closed to make room") int workerConnections) {

    public static EventsSettings of(Config config) {
        return config.block(Contexts.EVENTS).get(EventsSettings.class);
    }
}
