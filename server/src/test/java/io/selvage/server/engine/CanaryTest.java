package io.selvage.server.engine;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The detection of lost wake-ups.
class CanaryTest extends CarrierFixture {
    @Test
    void canaryFindsALostWakeup() throws Exception {
        Carrier where = Carrier.start(0, new SilentPoller());
        try (Pair pair = Pair.open()) {
            FutureTask<Boolean> reading = start(where, () -> where.register(pair.near()).awaitReadable(in(300)));
            pair.send(1);
            assertTrue(reading.get(), "it was woken as if by the byte, not by the deadline");
            assertEquals(1, where.snapshot().bugs().lostWakeups());
        }
    }

    @Test
    void canaryIgnoresAValidWait() throws Exception {
        for (int i = 0; i < 3; i++) {
            try (Pair pair = Pair.open()) {
                assertFalse(run(() -> carrier.register(pair.near()).awaitReadable(in(30))));
            }
        }
    }

    /// A poller that reports nothing when it polls, as if every wake-up were lost.
    private static final class SilentPoller implements Poller {
        private final NioPoller inner = new NioPoller();

        SilentPoller() throws IOException {
        }

        @Override
        public Registration register(SelectableChannel channel, Readiness readiness) throws IOException {
            Registration registration = inner.register(channel, readiness);
            return new Registration() {
                @Override
                public boolean watchFor(int operations) {
                    return true;
                }

                @Override
                public boolean isValid() {
                    return registration.isValid();
                }
            };
        }

        @Override
        public boolean poll(long millis) throws IOException {
            return inner.poll(millis);
        }

        @Override
        public boolean pollNow() throws IOException {
            return inner.pollNow();
        }

        @Override
        public void wakeup() {
            inner.wakeup();
        }

        @Override
        public boolean isReady(Registration registration, int operation) {
            return true;
        }
    }
}
