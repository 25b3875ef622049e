package io.selvage.server.route;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Authority;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Handler;
import io.selvage.server.http.Refusal;
import io.selvage.server.http.Regex;
import io.selvage.server.http.Status;
import io.selvage.server.http.Target;
import io.selvage.server.http.Version;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The sites behind one listening address, chosen by the host that is asked for.
///
/// Names are tried as nginx does: exact ones, then the longest `*.x`, then the longest `x.*`, then expressions in their order;
/// what none of them is goes to the standard site. Of two sites with one name the first has it.
public final class Sites implements Handler {
    private final Site standard;
    private final Map<String, Site> exact = new HashMap<>();
    private final Map<String, Site> under = new HashMap<>();
    private final Map<String, Site> starting = new HashMap<>();
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
        switch (name) {
            case SiteName.Exact(var host) -> exact.putIfAbsent(host, site);
            case SiteName.Under(var suffix, var itselfToo) -> {
                under.putIfAbsent(suffix, site);
                if (itselfToo) {
                    exact.putIfAbsent(suffix, site);
                }
            }
            case SiteName.Starting(var prefix) -> starting.putIfAbsent(prefix, site);
            case SiteName.Matching(var regex) -> matching.put(regex, site);
        }
    }

    @Override
    public Answer handle(Exchange exchange) throws Failure {
        if (exchange.refusal().isPresent()) {
            return standard.refused(exchange, exchange.refusal().get());
        }
        Optional<Refusal> badHost = readHost(exchange);
        return badHost.isPresent() ? standard.refused(exchange, badHost.get()) : find(exchange).handle(exchange);
    }

    /// The site for this host.
    Site find(Exchange exchange) {
        String host = exchange.authority().map(Authority::host).orElse("");
        Site named = exact.get(host);
        for (int dot = host.indexOf('.'); named == null && dot >= 0; dot = host.indexOf('.', dot + 1)) {
            named = under.get(host.substring(dot + 1));
        }
        for (int dot = host.lastIndexOf('.'); named == null && dot > 0; dot = host.lastIndexOf('.', dot - 1)) {
            named = starting.get(host.substring(0, dot));
        }
        if (named != null) {
            return named;
        }
        for (var candidate : matching.entrySet()) {
            if (!host.isEmpty() && candidate.getKey().capture(host, exchange)) {
                return candidate.getValue();
            }
        }
        return standard;
    }

    /// Finds out which host is asked for (RFC 9112 §3.2): the one in an absolute-form target counts, not the one beside it.
    private static Optional<Refusal> readHost(Exchange exchange) {
        List<String> fields = exchange.headers().all("Host");
        Target target = exchange.request().target();
        if (fields.size() > 1) {
            return refusal("client sent two host headers");
        }
        if (fields.isEmpty()) {
            if (exchange.request().version() == Version.HTTP_1_1) {
                return refusal("client sent HTTP/1.1 request without \"Host\" header");
            }
        } else if (Authority.parse(fields.getFirst()).isEmpty()) {
            return refusal("client sent invalid host header");
        }
        String asked = target.form() == Target.Form.ABSOLUTE ? target.authority() : fields.isEmpty() ? "" : fields.getFirst();
        Optional<Authority> authority = Authority.parse(asked);
        if (authority.isEmpty() && target.form() == Target.Form.ABSOLUTE) {
            return refusal("client sent invalid host in request line");
        }
        authority.ifPresent(exchange::authority);
        return Optional.empty();
    }

    private static Optional<Refusal> refusal(String reason) {
        return Optional.of(new Refusal(Status.BAD_REQUEST, reason));
    }
}
