package io.selvage.server.acme;

import io.selvage.server.observe.Severity;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// Runs the work of one issuer from time to time, on a thread of its own, until it is closed.
final class IssuerThread implements AutoCloseable {
    /// The longest time between two looks at the clock, which may be set, or stand still while the machine sleeps.
    private static final Duration LONGEST_SLEEP = Duration.ofSeconds(30);
    private static final Duration AFTER_BUG = Duration.ofHours(1);
    private static final Duration END = Duration.ofSeconds(3);

    private final IssuerWork work;
    private final InstantSource clock;
    private final AcmeLog log;
    private final Thread thread;
    /*
     * Written by any thread, read by this one: what is wanted, then that it has changed. The writer unparks the thread
     * afterwards, and the thread looks at `changed` before and after every sleep.
     */
    private volatile List<CertificateSlot> wanted = List.of();
    private volatile boolean changed;
    private volatile boolean closed;

    IssuerThread(String name, IssuerWork work, InstantSource clock, AcmeLog log) {
        this.work = work;
        this.clock = clock;
        this.log = log;
        this.thread = Thread.ofPlatform().daemon().name("selvage-acme-" + name).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /// Sets what is wanted. Any thread.
    void want(List<CertificateSlot> slots) {
        wanted = List.copyOf(slots);
        changed = true;
        LockSupport.unpark(thread);
    }

    private void run() {
        Instant next = Instant.MIN;
        while (!closed) {
            if (changed) {
                changed = false;
                work.want(wanted);
                next = Instant.MIN;
            }
            if (clock.instant().isBefore(next)) {
                sleepUntil(next);
            } else {
                next = runOnce();
            }
        }
    }

    private void sleepUntil(Instant next) {
        Duration rest = Duration.between(clock.instant(), next.isBefore(clock.instant().plus(LONGEST_SLEEP)) ? next
                : clock.instant().plus(LONGEST_SLEEP));
        if (rest.isPositive() && !changed && !closed) {
            LockSupport.parkNanos(this, rest.toNanos());
        }
    }

    private Instant runOnce() {
        try {
            return work.run();
        } catch (InterruptedException _) {
            return Instant.MIN;                            // closed, or a stray interrupt
        } catch (RuntimeException e) {
            log.log(Severity.ALERT, "acme: " + e + " at " + List.of(e.getStackTrace()).stream().findFirst());
            return clock.instant().plus(AFTER_BUG);
        }
    }

    /// Ends the thread; an order in progress is given up, and continued by the next process.
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(END);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
