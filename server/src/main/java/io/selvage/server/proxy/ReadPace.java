package io.selvage.server.proxy;

/// How fast a response may be read. At its start a second's worth is allowed at once. Pure: time comes in as an argument.
///
/// @param rate bytes a second, above 0
/// @param startNanos when reading began
record ReadPace(long rate, long startNanos) {
    private static final long SECOND = 1_000_000_000L;

    /// How many more bytes may be read now; 0 or less for none.
    long allowed(long read, long nowNanos) {
        long elapsed = nowNanos - startNanos;
        return rate + elapsed / SECOND * rate + (long) ((double) (elapsed % SECOND) / SECOND * rate) - read;
    }

    /// How long to wait until a byte may be read, 0 for not at all.
    long restNanos(long read, long nowNanos) {
        long missing = 1 - allowed(read, nowNanos);
        return missing <= 0 ? 0 : (long) Math.ceil((double) missing * SECOND / rate);
    }
}
