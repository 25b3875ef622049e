package io.selvage.server.net.helidon;

import io.helidon.logging.common.spi.LoggingProvider;

/// Leaves the JDK's logging as it is. Without a provider Helidon complains on standard error at every start.
public final class HelidonLogging implements LoggingProvider {
    @Override
    public void initialization() {
    }

    @Override
    public void runTime() {
    }
}
