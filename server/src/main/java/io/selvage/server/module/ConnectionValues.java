package io.selvage.server.module;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Variable;
import io.selvage.server.net.AddressText;
import io.selvage.server.observe.LogTime;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// Variables of the connection and its two ends.
final class ConnectionValues {
    /// Known, but without a value here.
    private static final List<String> ABSENT = List.of("proxy_protocol_addr", "proxy_protocol_port", "proxy_protocol_server_addr",
            "proxy_protocol_server_port", "tcpinfo_rtt", "tcpinfo_rttvar", "tcpinfo_snd_cwnd", "tcpinfo_rcv_space");

    private ConnectionValues() {
    }

    static Map<String, Variable> all(LongSupplier nanos) {
        Map<String, Variable> all = new HashMap<>();
        ABSENT.forEach(name -> all.put(name, _ -> Optional.empty()));
        all.put("connection", e -> Optional.of(Long.toString(e.client().serial())));
        all.put("connection_requests", e -> Optional.of(Integer.toString(e.client().requests())));
        all.put("connection_time", e -> age(e, nanos.getAsLong()));
        all.put("remote_addr", e -> Optional.of(e.remoteHost()));
        all.put("remote_port", e -> Optional.of(AddressText.port(e.remote())));
        all.put("binary_remote_addr", e -> Optional.of(binary(e)));
        all.put("realip_remote_addr", e -> Optional.of(e.client().remoteHost()));
        all.put("realip_remote_port", e -> Optional.of(AddressText.port(e.client().remote())));
        all.put("server_addr", e -> Optional.of(AddressText.host(e.client().local())));
        all.put("server_port", e -> Optional.of(AddressText.port(e.client().local())));
        all.put("scheme", e -> Optional.of(e.client().secure() ? "https" : "http"));
        all.put("https", e -> Optional.of(e.client().secure() ? "on" : ""));
        all.put("pipe", e -> Optional.of(e.client().pipelined() ? "p" : "."));
        return all;
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
