package io.selvage.server.net;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/// A block of addresses such as `10.0.0.0/8` or `2001:db8::/32`; a lone address is a block of one.
///
/// @param network its first address
/// @param bits how many leading bits its addresses share with that one
public record Cidr(InetAddress network, int bits) {
    /// Clears the bits of `network` behind the prefix.
    ///
    /// @throws IllegalArgumentException if an address has fewer bits
    public Cidr {
        byte[] first = network.getAddress();
        if (bits < 0 || bits > 8 * first.length) {
            throw new IllegalArgumentException("\"" + network.getHostAddress() + "/" + bits + "\" has no such prefix");
        }
        try {
            network = InetAddress.getByAddress(masked(first, bits));
        } catch (UnknownHostException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }

    /// @throws IllegalArgumentException for what is no block; names are not looked up
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        InetAddress network = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
        return new Cidr(network, slash < 0 ? 8 * network.getAddress().length : Integer.parseInt(text.substring(slash + 1)));
    }

    /// True for an address in the block; false for all addresses of the other version of IP.
    public boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        byte[] first = network.getAddress();
        int whole = bits / 8;
        int rest = 0xff00 >> bits % 8 & 0xff;
        return bytes.length == first.length && Arrays.equals(bytes, 0, whole, first, 0, whole)
                && (whole == bytes.length || (bytes[whole] & rest) == (first[whole] & rest));
    }

    private static byte[] masked(byte[] address, int bits) {
        byte[] masked = address.clone();
        for (int i = 0; i < masked.length; i++) {
            int kept = Math.clamp(bits - 8L * i, 0, 8);
            masked[i] &= (byte) (0xff00 >> kept);
        }
        return masked;
    }

    @Override
    public String toString() {
        return AddressText.host(network) + "/" + bits;
    }
}
