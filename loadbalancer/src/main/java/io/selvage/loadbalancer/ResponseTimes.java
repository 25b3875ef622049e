package io.selvage.loadbalancer;

/// How long the responses of a peer take, averaged. An average halves with each second without a response, so that a peer which
/// was slow is tried again.
///
/// Times are in nanoseconds of the clock of the upstream. Guarded by the monitor of its [UpstreamState].
final class ResponseTimes {
    private static final long SECOND = 1_000_000_000L;
    /// Differences below this are not differences.
    private static final long STEP = 20_000_000L;

    private final Average header = new Average();
    private final Average lastByte = new Average();
    private long starts;                                   // the sum of the starts of the requests in flight

    /// A part of a response.
    enum Until { HEADER, LAST_BYTE }

    private static final class Average {
        private double nanos;
        private long atNanos;

        void add(long took, long now) {
            nanos = (decayed(now) + took) / 2;
            atNanos = now;
        }

        double decayed(long now) {
            return nanos == 0 ? 0 : nanos * Math.pow(0.5, (double) (now - atNanos) / SECOND);
        }
    }

    void started(long now) {
        starts += now;
    }

    void ended(long started) {
        starts -= started;
    }

    void took(Until until, long nanos, long now) {
        (until == Until.HEADER ? header : lastByte).add(nanos, now);
    }

    /// The average in steps of 20 ms.
    ///
    /// @param inFlight the number of requests in flight, whose time until now counts, too; 0 to leave them out
    long average(Until until, int inFlight, long now) {
        double nanos = (until == Until.HEADER ? header : lastByte).decayed(now);
        double waiting = inFlight == 0 ? 0 : (double) (inFlight * now - starts) / inFlight;
        return (long) (Math.max(nanos, waiting) / STEP);
    }
}
