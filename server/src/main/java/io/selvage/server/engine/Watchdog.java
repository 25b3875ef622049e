package io.selvage.server.engine;

import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// Checks twenty times a second that each carrier makes progress and that none sleeps while tasks wait for it. [StallDetector]
/// decides when a carrier counts as stuck.
///
/// Each time that a carrier gets stuck is reported once, with the stack of its thread; so is each new lost wake-up or failed
/// task. A stuck carrier gets no new connections. Its existing connections wait, because a thread cannot move to another carrier.
final class Watchdog {
    /// Consecutive checks that find the carrier in the same sleep with a task queued, until the wake-up counts as lost.
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
            LockSupport.parkNanos(this, StallDetector.PERIOD_NANOS);
            for (Watched each : watched) {
                try {
                    each.check(warn);
                } catch (RuntimeException | Error e) {
                    warn.accept("the watchdog has failed: " + e);
                }
            }
        }
    }

    /// One carrier and its state at the last check.
    private static final class Watched {
        private final Carrier carrier;
        private final StallDetector stalls;
        private long lastProgress;
        private int late;
        private CarrierSnapshot.Bugs reported = new CarrierSnapshot.Bugs(0, 0);

        Watched(Carrier carrier) {
            this.carrier = carrier;
            this.stalls = new StallDetector(carrier::activity);
        }

        void check(Consumer<String> warn) {
            boolean asleep = carrier.isAsleep();
            long progress = carrier.turns() + carrier.tasks();
            boolean unchanged = progress == lastProgress;
            lastProgress = progress;
            boolean progressed = !unchanged || asleep;
            if (stalls.check(progressed)) {
                stuck(warn);
            } else if (progressed) {
                carrier.unmarkStuck();
            }
            late = unchanged && asleep && carrier.hasWorkFromOutside() ? late + 1 : 0;
            if (late == LATE) {
                carrier.wakeFromLostSleep();
            }
            reportBugs(warn);
        }

        private void stuck(Consumer<String> warn) {
            if (!carrier.isStuck()) {
                carrier.markStuck();
                Thread thread = carrier.platformThread();
                String stack = StackOfCarrier.text(thread);
                boolean unchanged = carrier.turns() + carrier.tasks() == lastProgress;
                warn.accept(thread.getName() + " has been stuck for " + StallDetector.LIMIT_NANOS / 1_000_000 + " ms"
                        + (unchanged ? " at " + stack : ", and went on before its stack was read"));
            }
            // A pinned thread that parks blocks its carrier. This ends the park, and the thread polls the channels itself.
            LockSupport.unpark(carrier.platformThread());
        }

        private void reportBugs(Consumer<String> warn) {
            CarrierSnapshot.Bugs now = carrier.bugs();
            if (!now.equals(reported)) {
                reported = now;
                warn.accept("this should not happen, please report it: " + carrier.snapshot()
                        + carrier.lastFailure().map(failure -> " " + failure).orElse(""));
            }
        }
    }
}
