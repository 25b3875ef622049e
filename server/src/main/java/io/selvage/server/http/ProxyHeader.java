package io.selvage.server.http;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a proxy said about a client's connection before the client's own bytes (PROXY protocol, versions 1 and 2).
///
/// @param source where the client connected from; null if the proxy named no address
/// @param destination where it connected to; null if the proxy named no address
/// @param values further values of version 2 by their type, 0 to 255; each `char` is one byte
public record ProxyHeader(@Nullable InetSocketAddress source, @Nullable InetSocketAddress destination,
        Map<Integer, String> values) {
    /// The type of the value about the client's TLS connection.
    private static final int TLS = 0x20;
    /// Its first byte has flags; the four after that are the result of the verification of the client's certificate.
    private static final int TLS_HEAD = 5;

    public ProxyHeader {
        values = Map.copyOf(values);
    }

    /// [#source]; empty if the proxy named no address.
    public Optional<InetSocketAddress> from() {
        return Optional.ofNullable(source);
    }

    /// [#destination]; empty if the proxy named no address.
    public Optional<InetSocketAddress> to() {
        return Optional.ofNullable(destination);
    }

    /// The value of this type, 0 to 255; empty if the proxy sent none, as in version 1.
    public Optional<String> value(int type) {
        return Optional.ofNullable(values.get(type));
    }

    /// A value within the one about TLS.
    public Optional<String> tlsValue(int type) {
        return value(TLS).filter(tls -> tls.length() >= TLS_HEAD)
                .flatMap(tls -> Optional.ofNullable(typed(tls.substring(TLS_HEAD)).get(type)));
    }

    /// The result of the verification of the client's certificate; 0 if it was verified.
    public Optional<Long> tlsVerification() {
        return value(TLS).filter(tls -> tls.length() >= TLS_HEAD).map(tls ->
                (long) tls.charAt(1) << 24 | (long) tls.charAt(2) << 16 | (long) tls.charAt(3) << 8 | tls.charAt(4));
    }

    /// Reads values, each behind its type and its length of two bytes. What does not fit is left out. Of two values with one
    /// type the first counts.
    public static Map<Integer, String> typed(String bytes) {
        Map<Integer, String> values = new HashMap<>();
        int at = 0;
        while (at + 3 <= bytes.length()) {
            int end = at + 3 + (bytes.charAt(at + 1) << 8 | bytes.charAt(at + 2));
            if (end > bytes.length()) {
                return values;
            }
            values.putIfAbsent((int) bytes.charAt(at), bytes.substring(at + 3, end));
            at = end;
        }
        return values;
    }
}
