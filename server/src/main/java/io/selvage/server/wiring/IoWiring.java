package io.selvage.server.wiring;

import io.selvage.server.engine.Carriers;
import io.selvage.server.engine.EngineMissing;
import io.selvage.server.module.IoMode;
import io.selvage.server.module.MainSettings;
import io.selvage.server.net.Io;
import java.util.function.Consumer;

/// Chooses what runs the connections: carriers or the JDK's scheduler. It is chosen at the start; a reload does not change it.
public final class IoWiring {
    private IoWiring() {
    }

    /// @param mode from the configuration or the command line
    /// @param warn receives one line if carriers are not available, and later one for each stuck carrier; must not wait
    /// @throws EngineMissing if the mode is `carrier` and carriers are not available
    public static Io start(IoMode mode, MainSettings settings, Consumer<String> warn) throws EngineMissing {
        return start(mode, () -> Io.carriers(Carriers.start(settings.workers().resolved(), warn)), warn);
    }

    /// Starts the carriers.
    interface Engine {
        Io start() throws EngineMissing;
    }

    static Io start(IoMode mode, Engine engine, Consumer<String> warn) throws EngineMissing {
        return switch (mode) {
            case JDK -> Io.jdk();
            case CARRIER -> engine.start();
            case AUTO -> {
                try {
                    yield engine.start();
                } catch (EngineMissing e) {
                    warn.accept("connections run on the JDK's scheduler, as with \"io jdk\": " + e.getMessage());
                    yield Io.jdk();
                }
            }
        };
    }
}
