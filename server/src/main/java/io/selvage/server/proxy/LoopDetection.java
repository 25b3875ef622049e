package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Routing;
import io.selvage.server.http.Whitespace;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.random.RandomGenerator;

/// Detects requests that come back to the server that passed them on: each gets the name of this process in its `CDN-Loop` field
/// (RFC 8586).
///
/// @param name of this process, empty for none
public record LoopDetection(String name) {
    /// Marks and detects nothing.
    public static final LoopDetection NONE = new LoopDetection("");
    static final String FIELD = "CDN-Loop";
    /// How often a request may pass: one site of a server may be the peer of another.
    static final int MOST = Routing.MAX_REDIRECTS;

    /// A name that no other process has.
    public static LoopDetection withRandomName(RandomGenerator random) {
        return new LoopDetection("selvage-" + HexFormat.of().toHexDigits(random.nextInt()));
    }

    /// The field's value for the peer: the client's value, then the name. Empty for no such field.
    String marked(Exchange exchange) {
        String received = received(exchange);
        return name.isEmpty() || received.isEmpty() ? name : received + ", " + name;
    }

    /// True if the exchange was passed on [#MOST] times already.
    boolean isLoop(Exchange exchange) {
        return !name.isEmpty() && times(received(exchange)) >= MOST;
    }

    private static String received(Exchange exchange) {
        return exchange.headers().contains(FIELD) ? exchange.headers().joined(FIELD).orElse("") : "";
    }

    private long times(String value) {
        return value.isEmpty() ? 0
                : Arrays.stream(value.split(",", -1)).filter(entry -> Whitespace.trim(entry).equals(name)).count();
    }
}
