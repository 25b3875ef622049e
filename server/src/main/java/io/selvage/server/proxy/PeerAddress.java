package io.selvage.server.proxy;

import io.selvage.server.net.AddressText;
import io.selvage.server.net.ByteText;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;

/// Addresses of peers as they are written in a configuration: `127.0.0.1:8001`, `[::1]:8001`, `unix:/run/app.sock`.
final class PeerAddress {
    private static final String UNIX = "unix:";

    private PeerAddress() {
    }

    /// Never looks a name up.
    ///
    /// @throws IllegalArgumentException where it is none of the three
    static SocketAddress parse(String address) {
        if (address.startsWith(UNIX)) {
            return UnixDomainSocketAddress.of(ByteText.path(address.substring(UNIX.length())));
        }
        int colon = address.lastIndexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("no port in the address \"" + address + "\"");
        }
        String host = address.substring(0, colon);
        return new InetSocketAddress(literal(host), Integer.parseInt(address, colon + 1, address.length(), 10));
    }

    /// The address with another port; 0 for its own. A unix socket has none.
    static String withPort(String address, int port) {
        return port == 0 || address.startsWith(UNIX) ? address : address.substring(0, address.lastIndexOf(':') + 1) + port;
    }

    /// True if a host is an address rather than a name.
    static boolean isLiteral(String host) {
        try {
            literal(host);
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static InetAddress literal(String host) {
        return InetAddress.ofLiteral(host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host);
    }

    static String text(InetAddress address, int port) {
        String host = AddressText.host(address);
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
