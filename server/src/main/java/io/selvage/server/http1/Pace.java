package io.selvage.server.http1;

/// How fast a body may be sent (`limit_rate`, `limit_rate_after`). Pure: time comes in as an argument.
///
/// @param rate bytes a second, 0 for no bound
/// @param after bytes before the bound begins
/// @param startNanos when the body began
record Pace(long rate, long after, long startNanos) {
    static final Pace UNBOUNDED = new Pace(0, 0, 0);
    private static final long SECOND = 1_000_000_000L;
    /// Each is a wake-up and a write; nginx takes about one.
    private static final int STEPS_A_SECOND = 2;

    boolean isBounded() {
        return rate > 0;
    }

    /// How many more bytes may be sent now; below 0 after more was sent than allowed.
    long allowed(long sent, long nowNanos) {
        long elapsed = nowNanos - startNanos;
        return after + elapsed / SECOND * rate + (long) ((double) (elapsed % SECOND) / SECOND * rate) - sent;
    }

    /// How long to rest until a step's worth may be sent, 0 for not at all. A step is the bytes of half a second, or what is
    /// left where that is less.
    long restNanos(long sent, long left, long nowNanos) {
        long step = Math.min(left, Math.max(1, rate / STEPS_A_SECOND));
        long missing = step - allowed(sent, nowNanos);
        return missing <= 0 ? 0 : (long) Math.ceil((double) missing * SECOND / rate);
    }
}
