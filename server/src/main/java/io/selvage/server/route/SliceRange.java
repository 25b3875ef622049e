package io.selvage.server.route;

import io.selvage.server.http.Exchange;
import java.util.Optional;

/// The part of a resource that an exchange asks a peer for; `$slice_range`.
public final class SliceRange {
    private long start;
    private long size;                                     // 0 where the location has no slices
    private boolean used;

    static SliceRange of(Exchange exchange) {
        return exchange.state(SliceRange.class, SliceRange::new);
    }

    /// The value of a `Range` field for the part, if the location of the exchange has slices. The answer is taken as a part only
    /// if this was asked for.
    public static Optional<String> value(Exchange exchange) {
        Optional<SliceRange> range = exchange.state(SliceRange.class).filter(slice -> slice.size > 0);
        range.ifPresent(slice -> slice.used = true);
        return range.map(slice -> "bytes=" + slice.start + "-" + (slice.start + slice.size - 1));
    }

    void begin(long from, long bytes) {
        start = from;
        size = bytes;
        used = false;
    }

    void end() {
        size = 0;
    }

    boolean isUsed() {
        return used;
    }
}
