package io.selvage.server.net;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.Optional;

/// Addresses as people write them: IPv6 shortened (RFC 5952 §4), unix sockets as `unix:` and the path.
public final class AddressText {
    private AddressText() {
    }

    /// The host without the port.
    public static String host(SocketAddress address) {
        return switch (address) {
            case InetSocketAddress inet when inet.getAddress() != null -> host(inet.getAddress());
            case InetSocketAddress unresolved -> unresolved.getHostString();
            case UnixDomainSocketAddress unix -> "unix:" + ByteText.of(unix.getPath());
            default -> address.toString();
        };
    }

    /// The port, or the empty string where there is none: for a unix socket, and for port 0.
    public static String port(SocketAddress address) {
        return address instanceof InetSocketAddress inet && inet.getPort() > 0 ? Integer.toString(inet.getPort()) : "";
    }

    /// The address as `listen` takes it: the host, in brackets for IPv6, and the port.
    public static String withPort(SocketAddress address) {
        return switch (address) {
            case InetSocketAddress inet when inet.getAddress() instanceof Inet6Address ->
                "[" + host(inet) + "]:" + inet.getPort();
            case InetSocketAddress inet -> host(inet) + ":" + inet.getPort();
            default -> host(address);
        };
    }

    /// Where people find what listens at an address and speaks HTTP: a URL, for a unix socket its name. An address that stands
    /// for all of the machine becomes the loopback one.
    public static String url(SocketAddress address) {
        return switch (address) {
            case InetSocketAddress inet when inet.getAddress() != null && inet.getAddress().isAnyLocalAddress() ->
                "http://localhost:" + inet.getPort() + "/";
            case InetSocketAddress inet -> "http://" + withPort(inet) + "/";
            default -> host(address);
        };
    }

    /// The address without brackets or scope.
    public static String host(InetAddress address) {
        if (address instanceof Inet4Address) {
            return address.getHostAddress();
        }
        byte[] bytes = address.getAddress();
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (bytes[2 * i] & 0xff) << 8 | bytes[2 * i + 1] & 0xff;
        }
        return shortened(groups);
    }

    /// Reads an IPv4 address of four numbers, or an IPv6 address; no names, brackets or scopes. An IPv4 address that is mapped
    /// into IPv6 comes back as IPv4.
    public static Optional<InetAddress> parse(String text) {
        boolean v6 = text.indexOf(':') >= 0 && text.chars().allMatch(c -> Character.digit(c, 16) >= 0 || c == ':' || c == '.');
        boolean v4 = text.chars().allMatch(c -> c >= '0' && c <= '9' || c == '.')
                && text.chars().filter(c -> c == '.').count() == 3;
        try {
            return v4 || v6 ? Optional.of(InetAddress.ofLiteral(text)) : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// Reads an address, or an address with a port: `192.0.2.1:80`, `[2001:db8::1]:80`. Port 0 stands for none.
    public static Optional<InetSocketAddress> parseWithPort(String text) {
        Optional<InetAddress> alone = parse(text);
        int colon = text.lastIndexOf(':');
        if (alone.isPresent() || colon < 0) {
            return alone.map(address -> new InetSocketAddress(address, 0));
        }
        boolean bracketed = text.startsWith("[") && text.startsWith("]", colon - 1);
        String port = text.substring(colon + 1);
        boolean validPort = port.matches("[0-9]{1,5}") && Integer.parseInt(port) <= 65_535;
        return parse(bracketed ? text.substring(1, colon - 1) : text.substring(0, colon))
                .filter(address -> validPort && bracketed == address instanceof Inet6Address)
                .map(address -> new InetSocketAddress(address, Integer.parseInt(port)));
    }

    private static String shortened(int[] groups) {
        int from = 0;
        int longest = 0;
        for (int i = 0; i < 8; i++) {
            int zeros = 0;
            while (i + zeros < 8 && groups[i + zeros] == 0) {
                zeros++;
            }
            if (zeros > longest) {
                from = i;
                longest = zeros;
            }
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < 8; i++) {
            if (longest > 1 && i == from) {
                text.append("::");
                i += longest - 1;
            } else {
                text.append(text.isEmpty() || text.charAt(text.length() - 1) == ':' ? "" : ":")
                        .append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }
}
