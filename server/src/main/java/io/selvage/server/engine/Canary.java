package io.selvage.server.engine;

import java.io.IOException;

/// Looks for lost wake-ups: threads that are parked although their channel is ready.
///
/// [Poller#isReady] asks about the channel by another way. Only if the channel is ready and the poller, asked after that, does
/// not wake the thread, a wake-up was lost. So bytes that arrive in between raise no alarm. A look costs five system calls, a few
/// times a second at most.
final class Canary {
    private static final int MOST_A_SECOND = 4;
    private static final long SECOND = 1_000_000_000;

    private final Carrier carrier;
    private long began;
    private int looks;

    Canary(Carrier carrier, long now) {
        this.carrier = carrier;
        this.began = now;
    }

    /// Looks after one that waits, unless there have been enough looks in this second.
    void look(Readiness.Waiter waiter, Poller.Registration registration, int operation, long now) {
        if (now - began >= SECOND) {
            began = now;
            looks = 0;
        }
        if (looks == MOST_A_SECOND || !registration.isValid()) {
            return;
        }
        looks++;
        try {
            if (carrier.poller().isReady(registration, operation)) {
                carrier.pollNow();
                if (waiter.waits()) {
                    carrier.lostWakeup();
                    waiter.wakeLate();
                }
            }
        } catch (IOException _) {
            // The channel was closed; whoever closed it wakes its waiters.
        }
    }
}
