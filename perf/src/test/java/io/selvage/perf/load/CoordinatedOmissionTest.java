package io.selvage.perf.load;

import io.selvage.perf.http.Request;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// A server answers at once, except that it stalls for 600 ms when the 101st request comes. At 200 per second that request is
/// due after 500 ms, and the requests due in the next 600 ms wait for the rest of the stall: number 100 + k at least 600 - 5k ms.
/// A slow machine can only make them wait longer, so the lower bounds hold anywhere.
class CoordinatedOmissionTest {
    private static final long STALL = TimeUnit.MILLISECONDS.toNanos(600);
    private static final Duration LENGTH = Duration.ofSeconds(2);
    /// Three significant digits, as the histograms keep.
    private static final double PRECISION = 0.998;

    @Test
    void theOpenLoopReportsWhatTheStallCostEveryRequestThatWasDue() throws Exception {
        Measurement measured = measure(new Load.Open(200));
        assertEquals(400, measured.counts().answered());
        assertEquals(0, measured.counts().failed());
        for (int k = 0; k < 100; k++) {
            // k requests of 400 waited longer than this one
            double percentile = 100.0 * (400 - k) / 400;
            assertTrue(measured.response().getValueAtPercentile(percentile) >= (STALL - k * 5_000_000L) * PRECISION,
                    "percentile " + percentile);
        }
        assertEquals(1, slow(measured.service()), "the server itself stalled one exchange");
    }

    @Test
    void theClosedLoopHidesTheSameStallInOneOfThousands() throws Exception {
        Measurement measured = measure(new Load.Closed());
        assertTrue(measured.counts().answered() > 400, "a closed loop asks as fast as it is answered");
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
                new Setup(stub.destination(), Mix.of(Request.get("/")), 1, 1, false, Duration.ofSeconds(10)))) {
            return generator.run(new Phase("stall", load, LENGTH), interval -> { });
        }
    }

    private static long slow(Histogram histogram) {
        return histogram.getCountBetweenValues((long) (STALL * PRECISION), histogram.getHighestTrackableValue());
    }
}
