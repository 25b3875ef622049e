package io.selvage.server.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

/// Looks up the addresses of a host. May take seconds; never called on a carrier.
@FunctionalInterface
public interface NameLookup {

    /// @return at least one
    /// @throws IOException where there is none, or no name server could be reached
    List<InetAddress> addresses(String host) throws IOException;

    /// The lookup of the operating system.
    static NameLookup system() {
        return host -> List.of(InetAddress.getAllByName(host));
    }
}
