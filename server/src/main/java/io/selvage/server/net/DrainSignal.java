package io.selvage.server.net;

import java.util.concurrent.atomic.AtomicReference;

/// Asks whoever serves a connection to end it as soon as the exchange under way is over; at once when there is none.
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

    /// Sets what is done on request, in place of what was set before. If the request has come already, it is done now.
    ///
    /// @param next runs on any thread; must not wait
    public void whenRequested(Runnable next) {
        Runnable known = action.get();
        while (known != REQUESTED) {
            if (action.compareAndSet(known, next)) {
                return;
            }
            known = action.get();
        }
        next.run();
    }

    /// Asks for the end. Any thread, any number of times; does not wait.
    public void request() {
        action.getAndSet(REQUESTED).run();
    }

    /// True after [#request()].
    public boolean isRequested() {
        return action.get() == REQUESTED;
    }
}
