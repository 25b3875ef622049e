package io.selvage.server.cli;

import io.selvage.server.module.IoMode;
import java.util.Optional;
import picocli.CommandLine.Option;

/// The option `--io`, for every command that runs the server.
final class IoOption {
    @Option(names = "--io", paramLabel = "MODE",
            description = "auto, carrier or jdk: what runs the connections; overrides the configuration")
    private Optional<IoMode> io = Optional.empty();

    /// Empty if the configuration decides.
    Optional<IoMode> mode() {
        return io;
    }
}
