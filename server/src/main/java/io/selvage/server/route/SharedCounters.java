package io.selvage.server.route;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/// Counters of limits which several servers share. A call waits for the store up to a short timeout; while the store cannot be
/// asked, it returns nothing at once, and the caller counts for itself. Any thread.
public interface SharedCounters {

    /// Puts a request into a leaky bucket, unless it overflows then. Everything is in thousandths of a request.
    ///
    /// @param bucket its name
    /// @param leak how fast it leaks
    /// @param burst the most that may be in it besides the request
    /// @param count false to look only
    /// @return what would be in it besides the request; the request is not counted if that is above the burst
    OptionalLong drop(String bucket, Leak leak, long burst, boolean count);

    /// How much leaks in a span of time.
    ///
    /// @param amount thousandths of a request
    record Leak(long amount, long perMillis) {
    }

    /// Counts one more, unless there are as many already on all servers together.
    ///
    /// @param counter its name
    /// @return false if there are
    Optional<Boolean> enter(String counter, int most);

    /// The count of all servers together.
    ///
    /// @param counter its name
    OptionalInt count(String counter);

    /// Counts one less. Does not wait.
    void leave(String counter);

    /// Adds counters of this server. The store forgets what a server has counted when it hears nothing of it for a while; these
    /// counters are reported to it again and again, and when it was away.
    void report(LocalCounts counts);

    /// What this server has counted.
    interface LocalCounts {
        /// The names of all counters above 0.
        Set<String> names();

        /// The current count of one.
        int count(String counter);
    }
}
