package io.selvage.server.net;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;

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

    /// The port, or the empty string where there is none.
    public static String port(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? Integer.toString(inet.getPort()) : "";
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
