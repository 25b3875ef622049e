package io.selvage.server.wiring;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// What happened to a server: its start, the reloads of its configuration, and its end. Thread-safe.
public final class ServerLife {
    private final InstantSource clock;
    private volatile Snapshot now;                         // written under this

    /// @param started when the server started
    /// @param generation the number of the current configuration; that of the start is 1
    /// @param loaded when the current configuration became current
    /// @param lastReload the last attempt to replace it; empty if there was none
    /// @param draining true if the server is stopping: it accepts no connections, and those that it has end
    public record Snapshot(Instant started, int generation, Instant loaded, Optional<Reload> lastReload, boolean draining) {
    }

    /// An attempt to replace the configuration.
    ///
    /// @param problem why it failed; empty if it succeeded
    public record Reload(Instant at, Optional<String> problem) {
    }

    ServerLife(InstantSource clock) {
        this.clock = clock;
        Instant started = clock.instant();
        this.now = new Snapshot(started, 1, started, Optional.empty(), false);
    }

    public Snapshot snapshot() {
        return now;
    }

    synchronized void reloaded() {
        Instant at = clock.instant();
        now = new Snapshot(now.started, now.generation + 1, at, Optional.of(new Reload(at, Optional.empty())), now.draining);
    }

    synchronized void notReloaded(String problem) {
        Reload failed = new Reload(clock.instant(), Optional.of(problem));
        now = new Snapshot(now.started, now.generation, now.loaded, Optional.of(failed), now.draining);
    }

    synchronized void drains() {
        now = new Snapshot(now.started, now.generation, now.loaded, now.lastReload, true);
    }
}
