package io.selvage.server.module;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.ProxyHeader;
import io.selvage.server.http.Variable;
import io.selvage.server.net.AddressText;
import io.selvage.server.observe.LogTime;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;

/// Variables of the connection and its two ends.
final class ConnectionValues {
    /// The types of values in the PROXY protocol that have names.
    private static final Map<String, Integer> VALUES =
            Map.of("alpn", 0x01, "authority", 0x02, "unique_id", 0x05, "ssl", 0x20, "netns", 0x30);
    private static final Map<String, Integer> TLS_VALUES =
            Map.of("version", 0x21, "cn", 0x22, "cipher", 0x23, "sig_alg", 0x24, "key_alg", 0x25);

    private ConnectionValues() {
    }

    static Map<String, Variable> all(LongSupplier nanos) {
        Map<String, Variable> all = new HashMap<>();
        all.put("connection", e -> Optional.of(Long.toString(e.client().serial())));
        all.put("connection_requests", e -> Optional.of(Integer.toString(e.client().requests())));
        all.put("connection_time", e -> age(e, nanos.getAsLong()));
        all.put("remote_addr", e -> Optional.of(e.remoteHost()));
        all.put("remote_port", e -> Optional.of(AddressText.port(e.remote())));
        all.put("binary_remote_addr", e -> Optional.of(binary(e)));
        all.put("realip_remote_addr", e -> Optional.of(e.client().remoteHost()));
        all.put("realip_remote_port", e -> Optional.of(AddressText.port(e.client().remote())));
        all.put("proxy_protocol_addr", e -> proxied(e, ProxyHeader::from, AddressText::host));
        all.put("proxy_protocol_port", e -> proxied(e, ProxyHeader::from, AddressText::port));
        all.put("proxy_protocol_server_addr", e -> proxied(e, ProxyHeader::to, AddressText::host));
        all.put("proxy_protocol_server_port", e -> proxied(e, ProxyHeader::to, AddressText::port));
        all.put("server_addr", e -> Optional.of(AddressText.host(e.client().local())));
        all.put("server_port", e -> Optional.of(AddressText.port(e.client().local())));
        all.put("scheme", e -> Optional.of(e.client().secure() ? "https" : "http"));
        all.put("https", e -> Optional.of(e.client().secure() ? "on" : ""));
        all.put("pipe", e -> Optional.of(e.client().pipelined() ? "p" : "."));
        return all;
    }

    /// A variable of the PROXY protocol: it has no value without its header, and an empty one without an address in that.
    private static Optional<String> proxied(Exchange exchange, Function<ProxyHeader, Optional<InetSocketAddress>> address,
            Function<SocketAddress, String> text) {
        return exchange.client().proxyHeader().map(header -> address.apply(header).map(text).orElse(""));
    }

    /// The family `$proxy_protocol_tlv_...`: a value by its name or by its number in hexadecimal.
    static Variable proxyProtocolValue(String name) {
        boolean tls = name.startsWith("ssl_");
        int type = type(tls ? TLS_VALUES : VALUES, tls ? name.substring(4) : name);
        if (name.equals("ssl_verify")) {
            return e -> e.client().proxyHeader().flatMap(ProxyHeader::tlsVerification).map(String::valueOf);
        }
        return e -> e.client().proxyHeader().flatMap(header -> tls ? header.tlsValue(type) : header.value(type));
    }

    /// @return -1 for none
    private static int type(Map<String, Integer> names, String name) {
        return name.matches("0x0*[0-9a-fA-F]{1,2}") ? Integer.parseInt(name.substring(2), 16) : names.getOrDefault(name, -1);
    }

    private static Optional<String> age(Exchange exchange, long now) {
        var opened = exchange.client().openedNanos();
        return opened.isPresent() ? Optional.of(LogTime.seconds((now - opened.getAsLong()) / 1_000_000)) : Optional.empty();
    }

    /// The address as its 4 or 16 bytes: the shortest key for a limit.
    private static String binary(Exchange exchange) {
        return exchange.remote() instanceof InetSocketAddress inet && inet.getAddress() != null
                ? new String(inet.getAddress().getAddress(), StandardCharsets.ISO_8859_1)
                : exchange.remoteHost();
    }
}
