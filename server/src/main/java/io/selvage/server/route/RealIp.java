package io.selvage.server.route;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Explanation;
import io.selvage.server.http.FilterResult;
import io.selvage.server.http.ProxyHeader;
import io.selvage.server.net.AddressText;
import java.net.SocketAddress;

/// Makes the address that a trusted proxy names the address of the client (`set_real_ip_from`).
///
/// @param proxies that are trusted
/// @param field whose value names the client; empty for the PROXY protocol
public record RealIp(TrustedProxies proxies, String field) implements RequestFilter {

    @Override
    public FilterResult filter(Exchange exchange) {
        if (!exchange.isForwarded() && proxies.trusts(exchange.remote())) {
            SocketAddress named = field.isEmpty() ? byProxyProtocol(exchange)
                    : proxies.client(exchange.remote(), exchange.headers().all(field));
            if (named != exchange.remote()) {
                exchange.forwardedFor(named, AddressText.host(named));
            }
        }
        return FilterResult.CONTINUE;
    }

    @Override
    public FilterResult explain(Exchange exchange, Explanation into) {
        String before = exchange.remoteHost();
        FilterResult result = filter(exchange);
        into.add("client", exchange.remoteHost(), before.equals(exchange.remoteHost())
                ? "set_real_ip_from: not changed by " + (field.isEmpty() ? "the PROXY protocol" : field)
                : "named by the trusted proxy " + before);
        return result;
    }

    /// The proxy names one address; `real_ip_recursive` has no meaning.
    private SocketAddress byProxyProtocol(Exchange exchange) {
        return exchange.client().proxyHeader().flatMap(ProxyHeader::from).<SocketAddress>map(from -> from)
                .orElse(exchange.remote());
    }
}
