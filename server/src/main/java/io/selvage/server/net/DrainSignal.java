package io.selvage.server.net;

import java.util.concurrent.atomic.AtomicReference;

/// A request to the server of a connection to close it after the current exchange, or at once if there is none.
public final class DrainSignal {
    private static final Runnable NOTHING = () -> { };
    private static final Runnable REQUESTED = () -> { };

    /*
     * NOTHING --whenRequested: CAS--> the action --request: swap, then runs it--> REQUESTED
     * NOTHING --request: swap--> REQUESTED; whenRequested then runs its action itself
     *
     * Every change is one atomic step, so an action runs exactly once, whichever comes first.
     */
    private final AtomicReference<Runnable> action = new AtomicReference<>(NOTHING);

    /// Sets the action to run on request, replacing an earlier one. Runs it now if the request was made already.
    ///
    /// @param next runs on any thread; must not wait
    public void whenRequested(Runnable next) {
        Runnable last = action.get();
        while (last != REQUESTED) {
            if (action.compareAndSet(last, next)) {
                return;
            }
            last = action.get();
        }
        next.run();
    }

    /// Makes the request. Any thread, any number of times; does not wait.
    public void request() {
        action.getAndSet(REQUESTED).run();
    }
}
