package io.selvage.server.route;

import io.selvage.server.http.Authority;
import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Explanation;
import io.selvage.server.http.HostOptions;
import io.selvage.server.http.Regex;
import io.selvage.server.http.Router;
import io.selvage.server.http.Status;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The sites behind one listening address, chosen by the requested host.
///
/// Names are tried as nginx does: exact ones, then the longest `*.x`, then the longest `x.*`, then expressions in their order;
/// what none of them is goes to the standard site. Of two sites with one name the first has it.
public final class Sites implements Router.Factory, Router.Explaining {
    private final Site standard;
    private final HostNames<Site> named = new HostNames<>();
    private final Map<Regex, Site> matching = new LinkedHashMap<>();

    /// @param standard the `default_server`, or the first of the address
    /// @param sites all of them in the order of the configuration
    public Sites(Site standard, List<Site> sites) {
        this.standard = standard;
        for (Site site : sites) {
            site.names().forEach(name -> register(name, site));
        }
    }

    private void register(SiteName name, Site site) {
        if (name instanceof SiteName.Matching(var regex)) {
            matching.put(regex, site);
        } else {
            named.add(name, site);
        }
    }

    @Override
    public Router of(Exchange exchange) {
        return new RequestRouter(this, exchange, Optional.empty());
    }

    @Override
    public Router explaining(Exchange exchange, Explanation into) {
        return new ExplainingRouter(this, exchange, Optional.empty(), into);
    }

    /// Answers every request with one status, as the page of its site has it.
    public Refusing refusing(Status status) {
        return new Refusing(this, status);
    }

    /// Routers that find the page for a status.
    public record Refusing(Sites sites, Status status) implements Router.Factory, Router.Explaining {
        @Override
        public Router of(Exchange exchange) {
            return new RequestRouter(sites, exchange, Optional.of(status));
        }

        @Override
        public Router explaining(Exchange exchange, Explanation into) {
            return new ExplainingRouter(sites, exchange, Optional.of(status), into);
        }
    }

    /// The site for the name of a handshake; the standard one for a name that no site has.
    public Site named(String host) {
        Site found = named.find(host);
        return found != null ? found : matching(host, regex -> regex.groups(host).isPresent());
    }

    /// The `default_server`.
    Site standard() {
        return standard;
    }

    /// The site of the exchange's authority.
    Site find(Exchange exchange) {
        String host = exchange.routing().authority().map(Authority::host).orElse("");
        Site found = named.find(host);
        return found != null ? found : matching(host, regex -> regex.capture(host, exchange));
    }

    /// Why a host has the site that [#find] found for it.
    String why(String host, Site found) {
        HostNames.Named<Site> known = named.named(host);
        if (known != null) {
            return (known.name() instanceof SiteName.Exact ? "the exact name " : "the wildcard ")
                    + (host.isEmpty() ? "\"\"" : known.name().written());
        }
        for (var candidate : matching.entrySet()) {
            if (candidate.getValue() == found && !host.isEmpty() && candidate.getKey().groups(host).isPresent()) {
                return "the first expression that matches: ~" + candidate.getKey().source();
            }
        }
        return "the default of this address: no server_name is for "
                + (host.isEmpty() ? "requests without a host" : "\"" + host + "\"");
    }

    /// The options for the rest of a head, by its host.
    public HostOptions hostOptions() {
        Set<ClientOptions.Head> different = new HashSet<>();
        Stream.concat(named.all(), matching.values().stream()).map(Sites::head).forEach(different::add);
        return different.stream().allMatch(head(standard)::equals) ? HostOptions.SAME : this::head;
    }

    private Optional<ClientOptions.Head> head(Authority authority) {
        return Optional.of(head(named(authority.host())));
    }

    private static ClientOptions.Head head(Site site) {
        return site.root().options().client().head();
    }

    private Site matching(String host, Predicate<Regex> matches) {
        for (var candidate : matching.entrySet()) {
            if (!host.isEmpty() && matches.test(candidate.getKey())) {
                return candidate.getValue();
            }
        }
        return standard;
    }
}
