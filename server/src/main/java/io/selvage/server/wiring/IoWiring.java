package io.selvage.server.wiring;

import io.selvage.server.engine.Carriers;
import io.selvage.server.engine.EngineMissing;
import io.selvage.server.module.IoMode;
import io.selvage.server.module.MainSettings;
import io.selvage.server.net.Io;
import java.util.function.Consumer;

/// What runs the connections, from what the configuration and the command line say. Chosen once, at the start: a reload does not
/// change it.
public final class IoWiring {
    private IoWiring() {
    }

    /// @param mode what was asked for
    /// @param warn takes one line that says why there are no carriers, and later names one that is stuck; must not wait
    /// @throws EngineMissing when carriers, and nothing else, were asked for and cannot be had
    public static Io start(IoMode mode, MainSettings settings, Consumer<String> warn) throws EngineMissing {
        return start(mode, () -> Io.carriers(Carriers.start(settings.workers().resolved(), warn)), warn);
    }

    /// Makes the carriers.
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
                    warn.accept("connections run on the JDK's scheduler, as \"io jdk\" would have it: " + e.getMessage());
                    yield Io.jdk();
                }
            }
        };
    }
}
