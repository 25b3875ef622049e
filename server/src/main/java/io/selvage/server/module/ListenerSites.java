package io.selvage.server.module;

import io.selvage.server.config.Address;
import io.selvage.server.config.Section;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// The sites of one address to bind.
///
/// @param listen the options that any of the sites gave it
/// @param servers never empty; the first is the one that answers when no name fits
public record ListenerSites(Listen listen, List<Section> servers) {
    public ListenerSites {
        servers = List.copyOf(servers);
    }

    /// Finds what an address of the configuration stands for: a host name may stand for several addresses.
    ///
    /// @param <A> an address to bind
    @FunctionalInterface
    public interface Resolver<A> {
        List<A> resolve(Address address) throws IOException;
    }

    /// What to bind, in order of appearance. Two `listen` lines for the same address share it, however they are written.
    ///
    /// @throws IOException if an address cannot be resolved
    public static <A> SequencedMap<A, ListenerSites> of(Section http, Resolver<A> resolver) throws IOException {
        SequencedMap<A, ListenerSites> all = new LinkedHashMap<>();
        for (Section server : http.inside(Contexts.SERVER)) {
            for (Listen listen : server.get(ServerModule.SiteSettings.class).listens()) {
                for (A address : resolver.resolve(listen.address())) {
                    all.merge(address, new ListenerSites(listen, List.of(server)), ListenerSites::with);
                }
            }
        }
        all.replaceAll((_, sites) -> TlsModule.securesAddresses(sites.servers.getFirst()) ? sites.secured() : sites);
        return all;
    }

    private ListenerSites secured() {
        return new ListenerSites(new Listen(listen.address(), listen.defaultServer(), listen.proxyProtocol(), true,
                listen.http2(), listen.options()), servers);
    }

    private ListenerSites with(ListenerSites other) {
        List<Section> both = new ArrayList<>(servers);
        both.addAll(other.listen.defaultServer() ? 0 : both.size(), other.servers);
        Listen options = other.listen.hasOptions() ? other.listen : listen;
        boolean proxyProtocol = listen.proxyProtocol() || other.listen.proxyProtocol();
        boolean tls = listen.tls() || other.listen.tls();
        boolean http2 = listen.http2() || other.listen.http2();
        return new ListenerSites(
                new Listen(options.address(), options.defaultServer(), proxyProtocol, tls, http2, options.options()), both);
    }
}
