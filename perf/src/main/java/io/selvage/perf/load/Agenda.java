package io.selvage.perf.load;

/// The requests that one event loop still has to send in one phase. Of all requests of a phase, numbered from 0, loop `i` of `k`
/// sends the numbers `i`, `i + k`, `i + 2k` and so on. Knows no clock. For one thread.
abstract sealed class Agenda {
    /// The result of [#due] if no request is left.
    static final long NEVER = Long.MAX_VALUE;

    private final int stride;
    private long next;

    private Agenda(int loop, int loops) {
        next = loop;
        stride = loops;
    }

    static Agenda of(Phase phase, int loop, int loops, int connections) {
        long end = phase.duration().toNanos();
        return switch (phase.load()) {
            case Load.Open(double perSecond) -> new Timed(Schedule.constant(perSecond), end, loop, loops);
            case Load.Closed() -> new Eager(end, Long.MAX_VALUE, loop, loops);
            case Load.Once() -> new Eager(Long.MAX_VALUE, connections, loop, loops);
        };
    }

    /// The time at which the next request should leave, in nanoseconds from the start, or [#NEVER].
    ///
    /// @param now the current time, in nanoseconds from the start
    abstract long due(long now);

    /// Removes the next request and returns its number.
    long take() {
        long taken = next;
        next += stride;
        return taken;
    }

    /// The number that [#take] would return.
    final long next() {
        return next;
    }

    private static final class Timed extends Agenda {
        private final Schedule schedule;
        private final long end;

        Timed(Schedule schedule, long end, int loop, int loops) {
            super(loop, loops);
            this.schedule = schedule;
            this.end = end;
        }

        @Override
        long due(long now) {
            long due = schedule.sendAt(next());
            return due < end ? due : NEVER;
        }
    }

    private static final class Eager extends Agenda {
        private final long end;
        private long left;

        Eager(long end, long most, int loop, int loops) {
            super(loop, loops);
            this.end = end;
            this.left = most;
        }

        @Override
        long due(long now) {
            return left > 0 && now < end ? Math.max(now, 0) : NEVER;
        }

        @Override
        long take() {
            left--;
            return super.take();
        }
    }
}
