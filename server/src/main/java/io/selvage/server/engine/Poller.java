package io.selvage.server.engine;

import java.io.IOException;
import java.nio.channels.SelectableChannel;

/// Watches the channels of one carrier. Every method but [#wakeup()] is called on the carrier's platform thread only, by its loop
/// or by a virtual thread that it runs, and does not wait unless documented.
///
/// A set of operations is a sum of [#READ], [#WRITE] and [#CONNECT]. Readiness is level-triggered: an operation that a
/// registration asks for and that stays possible is reported by every poll.
interface Poller {
    int READ = 1;
    int WRITE = 1 << 2;
    int CONNECT = 1 << 3;

    /// Watches a channel, at first for nothing. Closing the channel ends the registration.
    ///
    /// @param readiness is given what the channel is ready for, or that it was closed
    Registration register(SelectableChannel channel, Readiness readiness) throws IOException;

    /// Waits until a channel is ready, [#wakeup()] is called, or the time is over, and reports what is ready.
    ///
    /// @param millis the longest wait; 0 for no limit
    /// @return true if it has reported every channel that is ready; false if there may be more
    boolean poll(long millis) throws IOException;

    /// Reports what is ready now.
    ///
    /// @return as [#poll]
    boolean pollNow() throws IOException;

    /// Ends the poll that waits, or else the next one that would. Any thread.
    void wakeup();

    /// Asks the kernel about a channel by a way that does not depend on what this poller has noted.
    boolean isReady(Registration registration, int operation) throws IOException;

    /// One watched channel.
    interface Registration {

        /// Sets what is watched for.
        ///
        /// @return false if the channel was closed
        boolean watchFor(int operations);

        /// False if the channel was closed.
        boolean isValid();
    }
}
