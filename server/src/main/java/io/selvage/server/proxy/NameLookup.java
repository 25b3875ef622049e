package io.selvage.server.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

/// Finds the addresses of a host. May take seconds; never called on a connection's thread.
@FunctionalInterface
public interface NameLookup {

    /// @return at least one
    /// @throws IOException when there is none, or nobody could be asked
    List<InetAddress> addresses(String host) throws IOException;

    /// As the operating system does it.
    static NameLookup system() {
        return host -> List.of(InetAddress.getAllByName(host));
    }
}
