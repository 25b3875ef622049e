package io.selvage.server.cli;

import io.selvage.server.engine.Carriers;
import io.selvage.server.engine.EngineMissing;
import io.selvage.server.net.Io;
import java.util.function.Consumer;

/// What runs the connections (`--io`).
enum IoMode {
    /// Carriers where they can be had, else the JDK's scheduler with a warning.
    AUTO,
    /// Event loops of our own, or no start.
    CARRIER,
    /// Virtual threads as the JDK schedules them.
    JDK;

    /// @param count how many carriers
    /// @param warn told why carriers cannot be had
    /// @throws EngineMissing when carriers were asked for and cannot be had
    Io start(int count, Consumer<String> warn) throws EngineMissing {
        return switch (this) {
            case JDK -> Io.jdk();
            case CARRIER -> Io.carriers(Carriers.start(count));
            case AUTO -> {
                try {
                    yield Io.carriers(Carriers.start(count));
                } catch (EngineMissing e) {
                    warn.accept("running on the JDK's scheduler: " + e.getMessage());
                    yield Io.jdk();
                }
            }
        };
    }
}
