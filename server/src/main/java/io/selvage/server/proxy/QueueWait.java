package io.selvage.server.proxy;

import io.selvage.loadbalancer.Lease;
import io.selvage.loadbalancer.QueuePlace;
import io.selvage.loadbalancer.Tried;
import io.selvage.loadbalancer.Upstream;
import io.selvage.server.http.Failure;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// The wait of one request in the queue of its upstream. It belongs to the thread of the request, which sleeps until a peer is
/// free, the time is over or the client has left.
///
/// No wake-up is lost: the thread that serves the request or sees the client leave first changes the state and then unparks the
/// thread, and the thread looks at both after each sleep and before the next. A wake-up between the look and the sleep ends that
/// sleep at once.
final class QueueWait {
    private final UpstreamRequest request;
    private final Thread thread = Thread.currentThread();

    private Upstream upstream;
    private volatile boolean gone;                         // set by the watch of the client

    QueueWait(UpstreamRequest request, Upstream upstream) {
        this.request = request;
        this.upstream = upstream;
    }

    /// Waits for a peer.
    ///
    /// @param most how long
    /// @throws Failure [Failure.What#OVERLOADED] where the queue is full or the time is over; of the downstream side where the
    ///     client left
    Lease await(byte[] key, String bound, Tried tried, Duration most) throws Failure {
        QueuePlace place = upstream.enqueue(key, bound, tried, () -> LockSupport.unpark(thread), most)
                .orElseThrow(() -> overloaded("is full"));
        try {
            return ClientDisconnectWatch.during(request, this::clientLeft, () -> await(place));
        } finally {
            place.leave();                                 // has no effect where the wait ended otherwise
            upstream = place.upstream();
        }
    }

    private void clientLeft() {
        gone = true;
        LockSupport.unpark(thread);
    }

    private Lease await(QueuePlace place) throws Failure {
        while (true) {
            switch (place.poll()) {
                case QueuePlace.Turn.Served(Lease lease) -> {
                    return lease;
                }
                case QueuePlace.Turn.Expired() -> throw overloaded("brought no free peer in time");
                case QueuePlace.Turn.Wait(long nanos) -> sleep(nanos);
            }
        }
    }

    private void sleep(long nanos) throws Failure {
        if (gone) {
            throw ClientDisconnectWatch.gone();
        }
        if (thread.isInterrupted()) {
            throw Failure.here(Failure.What.OVERLOADED, "interrupted while a request waited for a peer");
        }
        LockSupport.parkNanos(this, nanos);
    }

    /// The peers of the request: others than before if they were replaced during the wait.
    Upstream upstream() {
        return upstream;
    }

    /// The client may try again after the time that the last request waited which got a peer.
    private Failure overloaded(String what) {
        long seconds = Math.ceilDiv(upstream.queueSnapshot().lastWait().toNanos(), TimeUnit.SECONDS.toNanos(1));
        String reason = "the queue of upstream \"" + upstream.spec().name() + "\" " + what + " while "
                + UpstreamErrorMessages.CONNECTING;
        return Failure.upstream(Failure.What.OVERLOADED, true, reason).withRetryAfter((int) Math.max(1, seconds));
    }
}
