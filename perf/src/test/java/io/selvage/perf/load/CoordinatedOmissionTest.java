package io.selvage.perf.load;

import io.selvage.perf.http.Request;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The server answers at once, except that it stalls for one second of ten, at the 101st request. At 200 requests per second,
/// that request is due after 500 ms, and the requests due in the next second wait for the rest of it: number 100 + k for at least
/// 1000 - 5k ms. A slow machine can only lengthen the waits, so the lower bounds hold everywhere.
class CoordinatedOmissionTest {
    private static final long STALL = TimeUnit.SECONDS.toNanos(1);
    private static final Duration LENGTH = Duration.ofSeconds(10);
    /// The histograms keep three significant digits.
    private static final double PRECISION = 0.998;

    @Test
    void openLoopReportsTheStallForEveryRequestThatWasDue() throws Exception {
        Measurement measured = measure(new Load.Open(200));
        assertEquals(2000, measured.counts().answered());
        assertEquals(0, measured.counts().failed());
        for (int k = 0; k < 180; k++) {
            // k requests of 2000 waited longer than this one
            double percentile = 100.0 * (2000 - k) / 2000;
            assertTrue(measured.response().getValueAtPercentile(percentile) >= (STALL - k * 5_000_000L) * PRECISION,
                    "percentile " + percentile);
        }
        assertEquals(1, slow(measured.service()), "the server itself stalled one exchange");
    }

    @Test
    void closedLoopHidesTheStallInOneOfThousands() throws Exception {
        Measurement measured = measure(new Load.Closed());
        assertTrue(measured.counts().answered() > 2000, "a closed loop asks as fast as it is answered");
        assertEquals(1, slow(measured.response()));
        assertTrue(measured.response().getValueAtPercentile(99) < STALL / 2);
    }

    private static Measurement measure(Load load) throws Exception {
        try (var stub = new Stub((caller, n) -> {
            if (n == 101) {
                long until = System.nanoTime() + STALL;
                while (System.nanoTime() < until) {
                    LockSupport.parkNanos(until - System.nanoTime());
                }
            }
            caller.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
            return true;
        }); var generator = new Generator(
                new Setup(stub.destination(), Mix.of(Request.get("/")), 1, 1, 0, false, false, Duration.ofSeconds(10)))) {
            return generator.run(new Phase("stall", load, LENGTH), interval -> { });
        }
    }

    private static long slow(Histogram histogram) {
        return histogram.getCountBetweenValues((long) (STALL * PRECISION), histogram.getHighestTrackableValue());
    }
}
