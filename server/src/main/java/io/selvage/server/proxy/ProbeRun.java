package io.selvage.server.proxy;

import org.jspecify.annotations.Nullable;

/// One probe of one peer while it is under way. Another thread may end it.
final class ProbeRun {
    private final String address;
    private @Nullable Runnable end;                        // of what it waits for; guarded by this
    private boolean aborted;                               // guarded by this

    /// @param address of the peer
    ProbeRun(String address) {
        this.address = address;
    }

    String address() {
        return address;
    }

    /// Sets what ends the wait of the probe. Runs at once if the probe is to end already.
    ///
    /// @param action called from any thread; does not wait
    synchronized void waiting(Runnable action) {
        end = action;
        if (aborted) {
            action.run();
        }
    }

    /// Ends the probe, which has taken too long. Any thread.
    synchronized void abort() {
        aborted = true;
        if (end != null) {
            end.run();
        }
    }

    synchronized boolean isAborted() {
        return aborted;
    }
}
