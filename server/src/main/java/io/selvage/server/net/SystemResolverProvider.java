package io.selvage.server.net;

import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;

/// Keeps the lookups of [java.net.InetAddress] with the operating system. A library on the class path may offer to replace them
/// for the whole process, and the first that is found wins.
public final class SystemResolverProvider extends InetAddressResolverProvider {

    /// Called by the JDK.
    public SystemResolverProvider() {
        // It has no state.
    }

    @Override
    public InetAddressResolver get(Configuration configuration) {
        return configuration.builtinResolver();
    }

    @Override
    public String name() {
        return "operating system";
    }
}
