package io.selvage.server.route;

import io.selvage.server.net.AddressText;
import io.selvage.server.net.Cidr;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.List;
import java.util.Optional;

/// The proxies whose `X-Forwarded-For` is believed (`set_real_ip_from`, `proxy` of `geo`).
///
/// @param networks of their addresses
/// @param unixSockets whether those that connect to a unix socket are among them
/// @param recursive whether an address that a proxy names and that is a proxy itself is believed as well
public record TrustedProxies(List<Cidr> networks, boolean unixSockets, boolean recursive) {
    public TrustedProxies {
        networks = List.copyOf(networks);
    }

    boolean trusts(SocketAddress address) {
        return switch (address) {
            case UnixDomainSocketAddress _ -> unixSockets;
            case InetSocketAddress inet when inet.getAddress() != null -> contains(inet.getAddress());
            default -> false;
        };
    }

    private boolean contains(InetAddress address) {
        for (int i = 0; i < networks.size(); i++) {
            if (networks.get(i).contains(address)) {
                return true;
            }
        }
        return false;
    }

    /// The address that the proxies name: the last one of the fields, and with `recursive` the last one that is no proxy. The
    /// peer's own address if it is no proxy, or if the last one of the fields is not valid. With `recursive`, the address before
    /// one that is not valid, and the first one if all are proxies.
    ///
    /// @param peer the other end of the connection
    /// @param fields the values of the header fields, in order; addresses are separated by commas or spaces
    SocketAddress client(SocketAddress peer, List<String> fields) {
        SocketAddress client = peer;
        for (String field : fields.reversed()) {
            int end = endOfAddress(field, field.length());
            while (end > 0 && trusts(client)) {
                int start = startOfAddress(field, end);
                Optional<InetSocketAddress> named = AddressText.parseWithPort(field.substring(start, end));
                if (named.isEmpty() || !recursive) {
                    return named.<SocketAddress>map(address -> address).orElse(client);
                }
                client = named.get();
                end = endOfAddress(field, start);
            }
        }
        return client;
    }

    private static int endOfAddress(String field, int from) {
        int end = from;
        while (end > 0 && isSeparator(field.charAt(end - 1))) {
            end--;
        }
        return end;
    }

    private static int startOfAddress(String field, int end) {
        int start = end;
        while (start > 0 && !isSeparator(field.charAt(start - 1))) {
            start--;
        }
        return start;
    }

    private static boolean isSeparator(char c) {
        return c == ' ' || c == ',';
    }
}
