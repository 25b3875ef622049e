package io.selvage.server.route;

import io.selvage.server.http.Exchange;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/// The address that `geo` looks for.
///
/// @param source gives the address before proxies are considered
/// @param proxies whose `X-Forwarded-For` is believed
public record GeoAddress(Source source, TrustedProxies proxies) {
    /// The address 255.255.255.255: it stands for everything without an IP address.
    public static final SocketAddress UNKNOWN = new InetSocketAddress(InetAddress.ofLiteral("255.255.255.255"), 0);

    /// Gives an address for an exchange.
    @FunctionalInterface
    public interface Source {
        SocketAddress of(Exchange exchange);
    }

    /// The address of an exchange; that of [#UNKNOWN] for a client without an IP address, such as one on a unix socket.
    public InetAddress of(Exchange exchange) {
        SocketAddress address = source.of(exchange);
        if (!proxies.networks().isEmpty()) {
            address = proxies.client(address, exchange.headers().all("X-Forwarded-For"));
        }
        InetSocketAddress inet = (InetSocketAddress) (address instanceof InetSocketAddress ? address : UNKNOWN);
        return inet.getAddress();
    }
}
