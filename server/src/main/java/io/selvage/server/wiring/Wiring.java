package io.selvage.server.wiring;

import io.selvage.server.config.Address;
import io.selvage.server.config.Config;
import io.selvage.server.config.Section;
import io.selvage.server.http.EntryPoint;
import io.selvage.server.http.Status;
import io.selvage.server.module.ConfigScope;
import io.selvage.server.module.Contexts;
import io.selvage.server.module.ListenerSites;
import io.selvage.server.module.ServerState;
import io.selvage.server.net.ByteText;
import io.selvage.server.route.Site;
import io.selvage.server.route.Sites;
import io.selvage.server.tls.PolicyChooser;
import io.selvage.server.tls.TlsPolicy;
import io.selvage.server.wiring.ListenerRoute.Tls;
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
import java.util.Optional;
import java.util.stream.Stream;

/// Builds the runtime configuration from a configuration that was read. It only constructs objects: modules define what a
/// directive means, and handlers define what happens to a request.
final class Wiring {
    /// nginx's own status for a plain request on an address with TLS.
    private static final Status PLAIN_TO_TLS = Status.of(497);

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
        for (Map.Entry<SocketAddress, ListenerSites> each : ListenerSites.of(shared.http(), Wiring::addresses).entrySet()) {
            SocketAddress address = each.getKey();
            ListenerSites listener = each.getValue();
            List<SiteWiring> here = listener.servers().stream().map(sites::get).toList();
            List<Site> all = here.stream().map(SiteWiring::site).toList();
            Sites found = new Sites(all.getFirst(), all);
            EntryPoint entry = new EntryPoint(here.getFirst().client(), found.hostOptions(), found);
            boolean http2 = listener.listen().http2();
            Tls tls = listener.listen().tls() ? tls(shared, here, found, entry, http2) : null;
            routes.put(address, new ListenerRoute(entry, found, listener.listen().proxyProtocol(),
                    http2 || entry.options().http2().on(), tls, all.getFirst().root().policy().errors(),
                            listener.listen().options()));
        }
        return new RuntimeConfig(config, routes, shared.peers().all(), shared.errorLog(), shared.logs(), shared.latencies(),
                shared.acme().wanted(), shared.certificates());
    }

    private static Tls tls(ConfigScope shared, List<SiteWiring> sites, Sites found, EntryPoint entry, boolean http2)
            throws IOException {
        Map<Site, TlsPolicy> policies = new IdentityHashMap<>();
        sites.forEach(each -> tls(each, http2).ifPresent(policy -> policies.put(each.site(), policy)));
        TlsPolicy standard = tls(sites.getFirst(), http2).orElseThrow(() ->
                new IOException("no \"ssl_certificate\" is defined for the \"listen ... ssl\" directive"));
        Sites.Refusing plain = found.refusing(PLAIN_TO_TLS);
        return new Tls(shared.tls(), chooser(shared, new SitePolicies(found, policies, standard)),
                new EntryPoint(entry.options(), entry.hosts(), plain), plain);
    }

    private static PolicyChooser chooser(ConfigScope shared, PolicyChooser sites) {
        return shared.acme().challengePolicy().<PolicyChooser>map(challenge -> new ChallengePolicies(sites, challenge))
                .orElse(sites);
    }

    /// How a site speaks TLS: with HTTP/2 first, if it or the listener has it.
    private static Optional<TlsPolicy> tls(SiteWiring site, boolean http2) {
        return http2 || site.client().http2().on() ? site.tls().map(policy -> policy.withAlpnFirst("h2")) : site.tls();
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
