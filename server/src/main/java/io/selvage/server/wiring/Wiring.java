package io.selvage.server.wiring;

import io.selvage.server.config.Address;
import io.selvage.server.config.Config;
import io.selvage.server.config.Section;
import io.selvage.server.http.EntryPoint;
import io.selvage.server.module.ConfigScope;
import io.selvage.server.module.Contexts;
import io.selvage.server.module.ListenerSites;
import io.selvage.server.module.ServerState;
import io.selvage.server.net.ByteText;
import io.selvage.server.route.Site;
import io.selvage.server.route.Sites;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Builds the runtime configuration from a configuration that was read. It only constructs objects: modules define what a
/// directive means, and handlers define what happens to a request.
final class Wiring {
    private Wiring() {
    }

    /// @throws IOException if an address does not resolve or a log cannot be written
    static RuntimeConfig build(Config config, ServerState state) throws IOException {
        try {
            return assemble(config, state);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static RuntimeConfig assemble(Config config, ServerState state) throws IOException {
        ConfigScope shared = new ConfigScope(config, state);
        Map<Section, SiteWiring> sites = new IdentityHashMap<>();
        for (Section server : shared.http().inside(Contexts.SERVER)) {
            sites.put(server, SiteWiring.of(shared, server));
        }
        Map<SocketAddress, ListenerRoute> routes = new LinkedHashMap<>();
        ListenerSites.of(shared.http(), Wiring::addresses).forEach((address, listener) -> {
            List<SiteWiring> here = listener.servers().stream().map(sites::get).toList();
            List<Site> all = here.stream().map(SiteWiring::site).toList();
            Sites found = new Sites(all.getFirst(), all);
            routes.put(address, new ListenerRoute(
                    new EntryPoint(here.getFirst().client(), found.hostOptions(), found),
                    listener.listen().proxyProtocol(), listener.listen().options()));
        });
        return new RuntimeConfig(config, routes, shared.peers().all(), shared.errorLog(), shared.logs(), shared.latencies(),
                shared.acme().wanted());
    }

    /// The addresses that a `listen` stands for: for a host name, all that it has.
    ///
    /// @throws IOException if the host does not resolve
    private static List<SocketAddress> addresses(Address address) throws IOException {
        return switch (address) {
            case Address.Unix(var path) -> List.of(UnixDomainSocketAddress.of(ByteText.path(path)));
            case Address.Inet(var host, int port) -> {
                try {
                    yield Stream.of(InetAddress.getAllByName(host)).distinct()
                            .<SocketAddress>map(each -> new InetSocketAddress(each, port)).toList();
                } catch (UnknownHostException e) {
                    throw new IOException("host not found in \"" + address + "\" of the \"listen\" directive", e);
                }
            }
        };
    }
}
