package io.selvage.server.proxy;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Looks up the addresses of hosts. Any thread, also one of a carrier: a lookup never blocks its caller.
@FunctionalInterface
public interface HostLookup {

    /// The addresses of a host.
    ///
    /// @param addresses none where the host is known to have none
    /// @param valid how long they may be used
    record HostAddresses(List<InetAddress> addresses, Duration valid) {
        public HostAddresses {
            addresses = List.copyOf(addresses);
        }
    }

    /// Starts a lookup.
    ///
    /// @return ends with the addresses, or with a [LookupException]
    CompletableFuture<HostAddresses> start(String host);
}
