package io.selvage.server.module;

import io.selvage.server.config.Argument;
import io.selvage.server.config.Codec;
import io.selvage.server.config.Directives;
import io.selvage.server.config.Setting;
import io.selvage.server.net.Cidr;
import io.selvage.server.route.RealIp;
import io.selvage.server.route.TrustedProxies;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The address of a client behind trusted proxies (`set_real_ip_from`).
final class RealIpModule implements Module {
    private static final String PROXY_PROTOCOL = "proxy_protocol";

    /// @param field whose value names the client, or `proxy_protocol`
    record RealIpSettings(
            @Setting(value = "set_real_ip_from", doc = "Trusts proxies to name the address of their client.")
                    List<Proxy> proxies,
            @Setting(value = "real_ip_header X-Real-IP", doc = "Names the field that has the address of the client.")
                    String field,
            @Setting(value = "real_ip_recursive off", doc = "Uses the last address in the field that is no trusted proxy.")
                    boolean recursive) {
        RealIpSettings {
            proxies = List.copyOf(proxies);
        }
    }

    /// Proxies that are trusted.
    ///
    /// @param written a network, `unix:`, or the name of a host
    /// @param network if it is one
    record Proxy(String written, Optional<Cidr> network) {
        private static final String UNIX = "unix:";

        static Proxy read(Argument argument) {
            Optional<Cidr> network = Networks.read(argument);
            if (network.isEmpty() && argument.text().contains("/")) {
                argument.refuse("an address, a network, a host name or \"unix:\"");
            } else if (network.isEmpty() && !argument.is(UNIX) && !argument.machine().hasHost(argument.text())) {
                argument.problem("host not found in \"" + argument.owner() + " " + argument.text() + "\"");
            }
            return new Proxy(argument.text(), network);
        }

        boolean isUnix() {
            return written.equals(UNIX);
        }

        private List<Cidr> networks() {
            return network.map(List::of).orElseGet(() -> isUnix() ? List.of() : resolved());
        }

        private List<Cidr> resolved() {
            try {
                List<Cidr> all = new ArrayList<>();
                for (InetAddress address : InetAddress.getAllByName(written)) {
                    all.add(new Cidr(address, 8 * address.getAddress().length));
                }
                return all;
            } catch (UnknownHostException e) {
                throw new UncheckedIOException(new IOException("host not found in \"set_real_ip_from " + written + "\"", e));
            }
        }
    }

    @Override
    public Directives directives() {
        return new Directives()
                .settings(RealIpSettings.class, Contexts.HTTP, Contexts.SERVER, Contexts.LOCATION)
                .codec(Proxy.class, Codec.word(Proxy::read, Proxy::written));
    }

    /// As in nginx, the settings of the site apply before its rewrites, and those of the location before limits and access.
    @Override
    public void assemble(LocationBuilder location) {
        RealIpSettings set = location.get(RealIpSettings.class);
        boolean outside = location.isSite();
        if (!set.proxies.isEmpty() && (outside || !set.equals(location.site(RealIpSettings.class)))) {
            TrustedProxies proxies = new TrustedProxies(set.proxies.stream().flatMap(proxy -> proxy.networks().stream()).toList(),
                    set.proxies.stream().anyMatch(Proxy::isUnix), set.recursive);
            RealIp filter = new RealIp(proxies, set.field.equals(PROXY_PROTOCOL) ? "" : set.field);
            if (outside) {
                location.rewrite((exchange, _) -> filter.filter(exchange));
            } else {
                location.filter(filter);
            }
        }
    }
}
