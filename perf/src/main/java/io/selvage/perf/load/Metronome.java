package io.selvage.perf.load;

import java.util.concurrent.locks.LockSupport;

/// Wakes an event loop whenever a request of its schedule is due. A selector sleeps in whole milliseconds; this thread sleeps
/// with nanosecond resolution, and needs only the schedule. Closing it ends the thread.
final class Metronome implements AutoCloseable {
    private final Thread thread;
    private volatile boolean closed;

    /// Starts the thread. `agenda` is a copy for this thread alone.
    Metronome(String name, Agenda agenda, long startNanos, EventLoop loop) {
        thread = Thread.ofPlatform().daemon().name(name).start(() -> beat(agenda, startNanos, loop));
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    private void beat(Agenda agenda, long start, EventLoop loop) {
        TimerSlack.sharpen();
        TimeSlice.shorten();
        for (long due = agenda.due(0); due != Agenda.NEVER && !closed; due = agenda.due(0)) {
            for (long wait = start + due - System.nanoTime(); wait > 0 && !closed; wait = start + due - System.nanoTime()) {
                LockSupport.parkNanos(this, wait);
            }
            loop.nudge();
            agenda.take();
        }
    }
}
