package io.selvage.server.engine;

import java.io.IOException;

/// Detects lost wake-ups: threads that are parked although their channel is ready.
///
/// [Poller#isReady] checks the channel with a second selector. If the channel is ready and a poll after that does not wake the
/// thread, a wake-up was lost. Bytes that arrive between the two cause no false alarm. A check costs five system calls; each
/// carrier makes at most four a second.
final class Canary {
    private static final int MAX_PER_SECOND = 4;
    private static final long SECOND = 1_000_000_000;

    private final Carrier carrier;
    private long began;
    private int checks;

    Canary(Carrier carrier, long now) {
        this.carrier = carrier;
        this.began = now;
    }

    /// Checks one waiting thread, unless the limit for this second is reached.
    void look(Readiness.Waiter waiter, Poller.Registration registration, int operation, long now) {
        if (now - began >= SECOND) {
            began = now;
            checks = 0;
        }
        if (checks == MAX_PER_SECOND || !registration.isValid()) {
            return;
        }
        checks++;
        try {
            if (carrier.poller().isReady(registration, operation)) {
                carrier.pollNow();
                if (waiter.waits()) {
                    carrier.lostWakeup();
                    waiter.wakeLate();
                }
            }
        } catch (IOException _) {
            // The channel was closed, and closing it wakes its waiters.
        }
    }
}
