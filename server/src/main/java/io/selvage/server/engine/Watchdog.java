package io.selvage.server.engine;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// Looks at the carriers from outside, twenty times a second: whether each goes round, and whether one that sleeps may do so.
///
/// It tells once for each time that a carrier is stuck, with what its thread does; and once when something happened that never
/// should. A carrier that is stuck gets no new connections, and those it has wait: a thread cannot be taken from it.
final class Watchdog {
    private static final long PERIOD_NANOS = 50_000_000;
    /// Looks without progress between them until a carrier counts as stuck: 200 ms. They are counted, not timed, for a machine
    /// that stands still stops the watchdog as well.
    private static final int PATIENCE = 4;
    /// Looks at the same sleep with work waiting: enough that nobody is just about to end it.
    private static final int LATE = 5;

    private final List<Watched> watched;
    private final Consumer<String> warn;

    private Watchdog(List<Carrier> carriers, Consumer<String> warn) {
        this.watched = carriers.stream().map(Watched::new).toList();
        this.warn = warn;
    }

    static void start(List<Carrier> carriers, Consumer<String> warn) {
        Thread.ofPlatform().daemon().name("selvage-watchdog").start(new Watchdog(carriers, warn)::watch);
    }

    private void watch() {
        while (true) {
            LockSupport.parkNanos(this, PERIOD_NANOS);
            for (Watched each : watched) {
                try {
                    each.look(warn);
                } catch (RuntimeException | Error e) {
                    warn.accept("the watchdog has failed: " + e);
                }
            }
        }
    }

    /// One carrier, as it was when it was last looked at.
    private static final class Watched {
        private final Carrier carrier;
        private long reached;
        private int standing;
        private int late;
        private long lost;
        private long failures;

        Watched(Carrier carrier) {
            this.carrier = carrier;
        }

        void look(Consumer<String> warn) {
            boolean asleep = carrier.isAsleep();
            long progress = carrier.turns() + carrier.tasks();
            boolean stands = progress == reached;
            reached = progress;
            if (!stands || asleep) {
                standing = 0;
                carrier.unmarkStuck();
            } else if (++standing >= PATIENCE) {
                stuck(warn);
            }
            late = stands && asleep && carrier.hasWorkFromOutside() ? late + 1 : 0;
            if (late == LATE) {
                carrier.wakeFromLostSleep();
            }
            tell(warn);
        }

        private void stuck(Consumer<String> warn) {
            if (!carrier.isStuck()) {
                carrier.markStuck();
                Thread thread = carrier.platformThread();
                warn.accept(thread.getName() + " has been stuck for " + PATIENCE * PERIOD_NANOS / 1_000_000 + " ms at "
                        + StackOfCarrier.text(thread));
            }
            // A thread pinned in a park holds its carrier. This ends the park, and the thread looks at the channels itself.
            LockSupport.unpark(carrier.platformThread());
        }

        private void tell(Consumer<String> warn) {
            CarrierSnapshot.OfCarrier picture = carrier.snapshot();
            if (picture.lostWakeups() != lost || picture.failures() != failures) {
                lost = picture.lostWakeups();
                failures = picture.failures();
                warn.accept("this should not happen, please report it: " + picture
                        + carrier.lastFailure().map(failure -> " " + failure).orElse(""));
            }
        }
    }
}
