package io.selvage.server.proxy;

import io.selvage.loadbalancer.KeepAlive;
import io.selvage.loadbalancer.PeerSpec;
import io.selvage.loadbalancer.PeerStates;
import io.selvage.loadbalancer.Policy;
import io.selvage.loadbalancer.UpstreamSpec;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Explanation;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Text;
import io.selvage.server.net.Io;
import io.selvage.server.proxy.HostLookup.ServiceServer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A target whose URL is made of variables (`proxy_pass http://$name;`): the name of a group, an address, or a host that is
/// looked up for the request. Connections to the latter two carry one request. Each request begins with any of the addresses.
public final class VariableTarget implements TargetSelector {
    private final Text url;
    private final Map<String, PeerGroup> groups;
    private final Resolver resolver;
    private final Duration timeout;
    private final Io io;

    /// @param url with its scheme
    /// @param groups by name; a name of a group is preferred to a host
    /// @param timeout the longest wait for the addresses of a host
    public VariableTarget(Text url, Map<String, PeerGroup> groups, Resolver resolver, Duration timeout, Io io) {
        this.url = url;
        this.groups = Map.copyOf(groups);
        this.resolver = resolver;
        this.timeout = timeout;
        this.io = io;
    }

    @Override
    public ProxyTarget select(Exchange exchange) throws Failure {
        ProxyUrl to = parsed(url.apply(exchange));
        UriRewrite target = to.path().isEmpty() ? new UriRewrite.AsItCame() : new UriRewrite.Written(to.path());
        PeerGroup known = groups.get(to.authority());
        return new ProxyTarget(known != null ? known : group(to, exchange), to, target);
    }

    private static ProxyUrl parsed(String url) throws Failure {
        try {
            ProxyUrl to = ProxyUrl.parse(url);
            to.named();
            return to;
        } catch (IllegalArgumentException e) {
            throw Failure.here(Failure.What.REFUSED, "invalid URL \"" + url + "\" made of variables: " + e.getMessage());
        }
    }

    private PeerGroup group(ProxyUrl to, Exchange exchange) throws Failure {
        UpstreamSpec named = new UpstreamSpec(to.authority(), List.of(PeerSpec.of(to.address())), new Policy.Random());
        if (Explanation.of(exchange).isPresent()) {            // which looks nothing up
            return new PeerGroup(named, _ -> new byte[0], KeepAlive.of(0), new PeerStates(), io);
        }
        Map<PeerName, List<ServiceServer>> found = new HashMap<>();
        for (PeerName host : PeerNames.names(named)) {
            found.put(host, List.of(new ServiceServer(host.name(), 0, 0, 1, resolver.addresses(host.name(), timeout))));
        }
        UpstreamSpec resolved = PeerNames.resolved(named, host -> found.getOrDefault(host, List.of()));
        return new PeerGroup(resolved, _ -> new byte[0], KeepAlive.of(0), new PeerStates(), io);
    }
}
