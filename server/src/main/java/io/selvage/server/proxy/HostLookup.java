package io.selvage.server.proxy;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Looks up the addresses of hosts and the servers of services. Any thread, also one of a carrier: a lookup never blocks its
/// caller.
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

    /// The servers of a service.
    ///
    /// @param valid how long they may be used
    record ServiceServers(List<ServiceServer> servers, Duration valid) {
        public ServiceServers {
            servers = List.copyOf(servers);
        }
    }

    /// A server of a service: an SRV record (RFC 2782), and the addresses of its host.
    ///
    /// @param host the target of the record
    /// @param priority the lower, the earlier it is used
    /// @param weight its share among those of the same priority; 1 or more
    /// @param addresses none where they could not be found this time
    record ServiceServer(String host, int port, int priority, int weight, List<InetAddress> addresses) {
        public ServiceServer {
            addresses = List.copyOf(addresses);
        }

        ServiceServer withAddresses(List<InetAddress> addresses) {
            return new ServiceServer(host, port, priority, weight, addresses);
        }
    }

    /// Starts a lookup.
    ///
    /// @return ends with the addresses, or with a [LookupException]
    CompletableFuture<HostAddresses> start(String host);

    /// Starts a lookup of a service.
    ///
    /// @param service its whole name: `_http._tcp.app.example`
    /// @return ends with at least one server that has an address, or with a [LookupException]
    default CompletableFuture<ServiceServers> startService(String service) {
        return CompletableFuture.failedFuture(LookupException.notFound());
    }
}
