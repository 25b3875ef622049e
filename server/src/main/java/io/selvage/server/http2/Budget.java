package io.selvage.server.http2;

/// How often a client may do something that costs the server more than the client: a supply that is used up, refilled as time
/// passes, and credited for useful work. Pure: time comes in as an argument. Guarded by the lock of the connection, or used by
/// its thread alone.
final class Budget {
    private static final long SECOND = 1_000_000_000L;

    private final int most;
    private final int perSecond;
    private long left;
    private long refilledNanos;

    /// @param most what is there at first, and at most
    /// @param perSecond what is added in a second
    Budget(int most, int perSecond, long nowNanos) {
        this.most = most;
        this.perSecond = perSecond;
        this.left = most;
        this.refilledNanos = nowNanos;
    }

    /// Adds some.
    void credit(long count) {
        left = Math.min(most, left + count);
    }

    /// Uses one up.
    ///
    /// @return false if there was none left
    boolean use(long nowNanos) {
        long earned = (nowNanos - refilledNanos) / (SECOND / perSecond);
        if (earned > 0) {
            credit(earned);
            refilledNanos = nowNanos;
        }
        left--;
        return left >= 0;
    }
}
