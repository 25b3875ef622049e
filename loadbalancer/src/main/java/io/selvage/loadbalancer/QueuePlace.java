package io.selvage.loadbalancer;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The place of one request in the queue of its upstream. The thread of the request calls [#poll], sleeps as long as that says or
/// until it is woken, and calls it again.
///
/// ```
/// waiting --a peer is free--> served --poll--> the request has its lease
///    |                           +----leave--> the lease is closed
///    +--poll, too late--> expired
///    +--leave--> left
/// ```
///
/// All transitions happen in the monitor of the [UpstreamState], so a free place of a peer is given to one request, and a request
/// that goes away gives back what it was given. A request is woken after it was served; if its thread is not asleep then, its
/// next [#poll] finds the lease. Safe for any number of threads; only one may call [#poll].
public final class QueuePlace {
    /// The first request looks at the peers that often, because some become usable by the passage of time.
    private static final long LOOK_NANOS = 100_000_000;

    private final UpstreamState state;
    private final PeerRequest request;
    private final Runnable wake;
    private final long sinceNanos;
    private final long timeoutNanos;

    private Upstream upstream;                             // guarded by state
    private @Nullable Lease lease;                         // from its choice until it is taken; guarded by state
    private boolean ended;                                 // by the thread of the request; guarded by state

    /// What is asked of an upstream.
    record PeerRequest(byte[] key, String id, Tried tried) {
    }

    /// What the thread of the request does next.
    public sealed interface Turn {
        /// The request has a peer; the caller owns the lease.
        record Served(Lease lease) implements Turn {
        }

        /// The request waits, for at most this many nanoseconds, more than zero.
        record Wait(long nanos) implements Turn {
        }

        /// The request has waited for too long, and is no longer in the queue.
        record Expired() implements Turn {
        }
    }

    QueuePlace(Upstream upstream, UpstreamState state, PeerRequest request, Runnable wake, long sinceNanos, long timeoutNanos) {
        this.upstream = upstream;
        this.state = state;
        this.request = request;
        this.wake = wake;
        this.sinceNanos = sinceNanos;
        this.timeoutNanos = timeoutNanos;
    }

    /// What to do now. Not called again after [Turn.Served] or [Turn.Expired].
    public Turn poll() {
        List<QueuePlace> woken = new ArrayList<>();
        Turn turn;
        synchronized (state) {
            long now = upstream.nanoTime();
            if (lease == null && state.queue().isFirst(this)) {
                woken.addAll(state.queue().serve(now));
            }
            turn = turn(now, woken);
        }
        wake(woken);
        return turn;
    }

    private Turn turn(long now, List<QueuePlace> woken) {
        Lease served = lease;
        if (served != null) {
            lease = null;
            ended = true;
            return new Turn.Served(served);
        }
        long waits = timeoutNanos - (now - sinceNanos);
        if (waits <= 0) {
            ended = true;
            woken.addAll(state.queue().expire(this));
            return new Turn.Expired();
        }
        return new Turn.Wait(state.queue().isFirst(this) ? Math.min(waits, LOOK_NANOS) : waits);
    }

    /// Gives up the place, because the client has left. A peer that the request has got by then is given back.
    public void leave() {
        List<QueuePlace> woken;
        Lease served;
        synchronized (state) {
            served = lease;
            lease = null;
            woken = served == null && !ended ? state.queue().leave(this) : List.of();
            ended = true;
        }
        wake(woken);
        if (served != null) {
            served.close();
        }
    }

    /// The upstream whose peers the request gets: another one if its peers were replaced while the request waited.
    public Upstream upstream() {
        synchronized (state) {
            return upstream;
        }
    }

    /// Takes a peer if one is usable.
    boolean takePeer(long nowNanos) {
        lease = upstream.choose(request, nowNanos).orElse(null);
        return lease != null;
    }

    /// True if any usable peer would do.
    boolean isPlain() {
        return isUntried() && request.id().isEmpty();
    }

    boolean isUntried() {
        return request.tried().tries() == 0;
    }

    void move(Upstream to) {
        upstream = to;
    }

    long sinceNanos() {
        return sinceNanos;
    }

    static void wake(List<QueuePlace> woken) {
        for (QueuePlace place : woken) {
            place.wake.run();
        }
    }
}
