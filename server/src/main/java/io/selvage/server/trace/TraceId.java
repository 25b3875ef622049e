package io.selvage.server.trace;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/// The identifier of a trace: 16 bytes, not all of them zero.
///
/// @param high the first eight bytes
/// @param low the last eight bytes
record TraceId(long high, long low) {

    static TraceId random() {
        return new TraceId(ThreadLocalRandom.current().nextLong(), randomSpan());
    }

    /// The identifier of a span: eight bytes, not all of them zero.
    static long randomSpan() {
        long id = 0;
        while (id == 0) {
            id = ThreadLocalRandom.current().nextLong();
        }
        return id;
    }

    /// 32 hexadecimal digits in lower case.
    @Override
    public String toString() {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(high) + hex.toHexDigits(low);
    }
}
