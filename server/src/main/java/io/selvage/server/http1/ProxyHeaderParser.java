package io.selvage.server.http1;

import io.selvage.server.http.ProxyHeader;
import io.selvage.server.net.AddressText;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Parses the header of the PROXY protocol, version 1 (a line of text) or 2 (binary), as HAProxy's `proxy-protocol.txt` has it.
/// Pure: it does not read.
final class ProxyHeaderParser {
    /// The longest header of version 1, with its line end.
    static final int LONGEST_LINE = 107;
    /// The longest header that is accepted, as in nginx.
    static final int LONGEST = 4096;

    private static final byte[] LINE = "PROXY ".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] BINARY = {'\r', '\n', '\r', '\n', 0, '\r', '\n', 'Q', 'U', 'I', 'T', '\n'};
    private static final int BINARY_HEAD = 16;
    private static final int V4_BYTES = 12;
    private static final int V6_BYTES = 36;
    private static final ProxyHeader NO_ADDRESS = new ProxyHeader(null, null, Map.of());

    private ProxyHeaderParser() {
    }

    /// The result of a parse.
    sealed interface Parsed {
        /// @param used bytes of the header
        record Header(ProxyHeader header, int used) implements Parsed {
        }

        /// The bytes are the beginning of a header.
        record NeedMore() implements Parsed {
        }

        /// @param why in a few words
        record Broken(String why) implements Parsed {
        }
    }

    /// @param length how many of the bytes were received
    static Parsed parse(byte[] bytes, int length) {
        if (begins(bytes, length, BINARY)) {
            return length < BINARY_HEAD ? new Parsed.NeedMore() : binary(bytes, length);
        }
        return begins(bytes, length, LINE) ? line(bytes, length) : new Parsed.Broken("no header of the PROXY protocol");
    }

    private static boolean begins(byte[] bytes, int length, byte[] start) {
        int compared = Math.min(length, start.length);
        return Arrays.equals(bytes, 0, compared, start, 0, compared);
    }

    private static Parsed line(byte[] bytes, int length) {
        int end = 0;
        while (end < length && bytes[end] != '\n') {
            end++;
        }
        if (end == length || end >= LONGEST_LINE) {
            return length < LONGEST_LINE ? new Parsed.NeedMore() : new Parsed.Broken("no line end");
        }
        if (bytes[end - 1] != '\r') {
            return new Parsed.Broken("no carriage return");
        }
        String[] words = new String(bytes, 0, end - 1, StandardCharsets.ISO_8859_1).split(" ", -1);
        if (words[1].equals("UNKNOWN")) {
            return new Parsed.Header(NO_ADDRESS, end + 1);
        }
        boolean known = words[1].equals("TCP4") || words[1].equals("TCP6");
        if (!known || words.length != 6) {
            return new Parsed.Broken("an unknown protocol or a wrong number of fields");
        }
        InetSocketAddress source = address(words[1], words[2], words[4]);
        InetSocketAddress destination = address(words[1], words[3], words[5]);
        return source == null || destination == null ? new Parsed.Broken("an invalid address or port")
                : new Parsed.Header(new ProxyHeader(source, destination, Map.of()), end + 1);
    }

    private static @Nullable InetSocketAddress address(String protocol, String host, String port) {
        Optional<InetAddress> address = AddressText.parse(host);
        boolean validPort = port.matches("0|[1-9][0-9]{0,4}") && Integer.parseInt(port) <= 65_535;
        boolean v6 = host.indexOf(':') >= 0;
        return address.isEmpty() || !validPort || v6 != protocol.equals("TCP6") ? null
                : new InetSocketAddress(address.get(), Integer.parseInt(port));
    }

    private static Parsed binary(byte[] bytes, int length) {
        int version = bytes[12] >> 4 & 15;
        int command = bytes[12] & 15;
        int size = number(bytes, 14);
        if (version != 2) {
            return new Parsed.Broken("the unknown version " + version);
        }
        if (command > 1) {
            return new Parsed.Broken("the unknown command " + command);
        }
        int end = BINARY_HEAD + size;
        if (end > LONGEST) {
            return new Parsed.Broken("a header of " + end + " bytes");
        }
        if (length < end) {
            return new Parsed.NeedMore();
        }
        // What the proxy sends for itself, such as a health check, has no client.
        return command == 0 ? new Parsed.Header(NO_ADDRESS, end) : addresses(bytes, end);
    }

    private static Parsed addresses(byte[] bytes, int end) {
        int each = switch (bytes[13] >> 4 & 15) {
            case 1 -> 4;
            case 2 -> 16;
            default -> 0;
        };
        if (each == 0) {
            return new Parsed.Header(NO_ADDRESS, end);
        }
        int values = BINARY_HEAD + (each == 4 ? V4_BYTES : V6_BYTES);
        if (values > end) {
            return new Parsed.Broken("a header without its addresses");
        }
        int ports = BINARY_HEAD + 2 * each;
        return new Parsed.Header(new ProxyHeader(
                address(bytes, BINARY_HEAD, each, number(bytes, ports)),
                address(bytes, BINARY_HEAD + each, each, number(bytes, ports + 2)),
                ProxyHeader.typed(new String(bytes, values, end - values, StandardCharsets.ISO_8859_1))), end);
    }

    private static InetSocketAddress address(byte[] bytes, int at, int size, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress(Arrays.copyOfRange(bytes, at, at + size)), port);
        } catch (UnknownHostException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }

    private static int number(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
    }
}
