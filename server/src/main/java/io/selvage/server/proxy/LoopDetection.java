package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Routing;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// What a request that is passed on tells of having come by, so that one that goes in circles is noticed: a name of our own in
/// its `CDN-Loop` (RFC 8586).
///
/// @param name of this program as long as it runs, empty for none
public record LoopDetection(String name) {
    /// Says nothing and notices nothing.
    public static final LoopDetection NONE = new LoopDetection("");
    static final String FIELD = "CDN-Loop";
    /// How often a request may come by: sites of one server may well stand one behind the other.
    static final int MOST = Routing.MAX_REDIRECTS;

    /// One that no other program has.
    public static LoopDetection by(RandomGenerator random) {
        return new LoopDetection("selvage-" + HexFormat.of().toHexDigits(random.nextInt()));
    }

    /// The field's value on the way out: what came, and the name.
    Optional<String> left(Exchange exchange) {
        if (name.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(came(exchange).filter(came -> !came.isEmpty()).map(came -> came + ", " + name).orElse(name));
    }

    /// Whether the exchange has come by so often that it will never arrive.
    boolean isLoop(Exchange exchange) {
        return !name.isEmpty() && came(exchange).filter(came -> times(came) >= MOST).isPresent();
    }

    private static Optional<String> came(Exchange exchange) {
        return exchange.headers().contains(FIELD) ? exchange.headers().joined(FIELD) : Optional.empty();
    }

    private long times(String came) {
        return Arrays.stream(came.split(",", -1)).filter(entry -> entry.strip().equals(name)).count();
    }
}
