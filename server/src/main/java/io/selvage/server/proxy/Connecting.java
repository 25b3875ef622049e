package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Text;
import io.selvage.server.net.PeerSocket;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.OptionalInt;

/// How connections to peers are made.
///
/// @param from the local address, with or without a port; an empty text, or one that is no address, lets the system choose one
///     (`proxy_bind`)
/// @param keepAlive true to have the system find dead peers (`proxy_socket_keepalive`)
public record Connecting(Text from, boolean keepAlive) {
    private static final PeerSocket KEPT_ALIVE = new PeerSocket(null, true);

    /// As the system makes them.
    public static final Connecting DEFAULT = new Connecting(Text.literal(""), false);

    /// The socket for a request.
    PeerSocket socket(UpstreamRequest request) {
        String address = from.apply(request.exchange());
        if (address.isEmpty()) {
            return keepAlive ? KEPT_ALIVE : PeerSocket.DEFAULT;
        }
        Optional<InetSocketAddress> local = parse(address);
        if (local.isEmpty()) {
            request.log("invalid local address \"" + address + "\"");
        }
        return new PeerSocket(local.orElse(null), keepAlive);
    }

    /// The key of idle connections: those with different local addresses are not exchanged.
    ///
    /// @param key of connections with the address that the system chooses
    String pool(String key, Exchange exchange) {
        String address = from.apply(exchange);
        return address.isEmpty() ? key : key + " from " + address;
    }

    /// Reads `192.0.2.1`, `192.0.2.1:8080`, `[2001:db8::1]`, `2001:db8::1` or `[2001:db8::1]:8080`.
    public static Optional<InetSocketAddress> parse(String address) {
        if (PeerAddress.isLiteral(address)) {
            return Optional.of((InetSocketAddress) PeerAddress.parse(address + ":0"));
        }
        int colon = address.lastIndexOf(':');
        OptionalInt port = port(address.substring(colon + 1));
        String host = address.substring(0, Math.max(0, colon));
        return port.isPresent() && PeerAddress.isLiteral(host)
                ? Optional.of((InetSocketAddress) PeerAddress.parse(host + ":" + port.getAsInt())) : Optional.empty();
    }

    private static OptionalInt port(String digits) {
        boolean isNumber = !digits.isEmpty() && digits.length() <= 5 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        int port = isNumber ? Integer.parseInt(digits) : -1;
        return port >= 0 && port <= 65_535 ? OptionalInt.of(port) : OptionalInt.empty();
    }
}
