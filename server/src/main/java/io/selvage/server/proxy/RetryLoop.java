package io.selvage.server.proxy;

import io.selvage.loadbalancer.Lease;
import io.selvage.loadbalancer.Tried;
import io.selvage.loadbalancer.Upstream;
import io.selvage.server.http.Attempt;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Status;
import java.time.Duration;
import java.util.Optional;

/// Decides which peer gets a request, whether another peer is tried, and when to give up.
final class RetryLoop {
    private UpstreamRequest request;                       // of the current attempt
    private final NextUpstream nextUpstream;
    private final byte[] key;
    private final String bound;
    private final Tried tried = new Tried();
    private final long startedNanos = System.nanoTime();
    private Upstream upstream;                             // another one after a wait during which its peers were replaced
    private long waitedNanos = -1;                         // for the current peer; -1 for none
    private long allWaitsNanos;

    RetryLoop(UpstreamRequest request) {
        this.request = request;
        this.nextUpstream = request.options().nextUpstream();
        this.upstream = request.target().group().upstream();
        this.key = request.target().group().key(request.exchange());
        this.bound = request.target().group().sticky().peer(request.exchange());
    }

    /// Tries one peer after another until one sends a response for the client. Waits in the queue of the upstream where it has
    /// one and no peer is free.
    ///
    /// @return the attempt that was answered; the caller must end it
    /// @throws Failure that of the last attempt, or that there is no peer for another one
    UpstreamAttempt run() throws Failure {
        Optional<Lease> next = pick();
        while (true) {
            Lease lease = next.isPresent() ? next.get() : queue();
            request = tried.tries() > 1 ? nextRequest(lease) : request;
            boolean begins = tried.tries() == 1 && waitedNanos < 0;
            UpstreamAttempt attempt = new UpstreamAttempt(request, lease, waitedNanos,
                    begins ? startedNanos : System.nanoTime());
            try {
                Status status = attempt.ask().status();
                next = wantsAnother(status) ? pick() : Optional.empty();
                if (next.isEmpty() && !(wantsAnother(status) && upstream.mayWait(tried))) {
                    return attempt;
                }
                attempt.end(new UpstreamAttempt.Rejected(nextUpstream.countsAgainst(status)));
            } catch (Failure failure) {
                attempt.end(new UpstreamAttempt.Failed(failure));
                boolean wanted = wantsAnother(failure);
                next = wanted ? pick() : Optional.empty();
                if (next.isEmpty() && !(wanted && isAnyLeft())) {
                    throw failure;
                }
                request.log(failure);
            } catch (RuntimeException e) {
                attempt.end(new UpstreamAttempt.Failed(Failure.bug(e)));
                throw e;
            }
        }
    }

    private UpstreamRequest nextRequest(Lease lease) throws Failure {
        try {
            return request.forNextAttempt();
        } catch (Failure | RuntimeException e) {
            lease.close();
            throw e;
        }
    }

    /// True if there is a peer that was not tried, although none can be used now.
    private boolean isAnyLeft() {
        return tried.tries() < upstream.spec().peers().stream().filter(peer -> !peer.down()).count();
    }

    private Optional<Lease> pick() {
        waitedNanos = -1;
        return upstream.pick(key, bound, tried);
    }

    /// Waits for a peer that is free.
    private Lease queue() throws Failure {
        if (!upstream.mayWait(tried)) {
            throw noPeer(UpstreamErrorMessages.describe(Failure.upstream(Failure.What.NO_PEER, true, "no live upstreams"),
                    UpstreamErrorMessages.CONNECTING));
        }
        long started = System.nanoTime();
        QueueWait wait = new QueueWait(request, upstream);
        try {
            Lease lease = wait.await(key, bound, tried, longestWait(started));
            upstream = wait.upstream();
            waited(started);
            return lease;
        } catch (Failure failure) {
            waited(started);
            throw noPeer(failure);
        }
    }

    private void waited(long started) {
        waitedNanos = System.nanoTime() - started;
        allWaitsNanos += waitedNanos;
    }

    /// All waits of a request together take no longer than the queue allows, and no retry begins when it may not begin any more.
    private Duration longestWait(long nowNanos) {
        long queue = upstream.spec().queue().orElseThrow().timeout().toNanos() - allWaitsNanos;
        long retry = nextUpstream.time().toNanos() - (nowNanos - startedNanos);
        boolean bounded = tried.tries() > 0 && !nextUpstream.time().isZero();
        return Duration.ofNanos(Math.max(0, bounded ? Math.min(queue, retry) : queue));
    }

    private Failure noPeer(Failure failure) {
        request.exchange().addAttempt(new Attempt(Attempt.Peer.alone(request.target().group().name()), failure.status(), -1,
                waitedNanos, -1, -1, -1, Attempt.Traffic.NONE));
        return failure;
    }

    private boolean wantsAnother(Status status) {
        return nextUpstream.isRetried(status, request.method()) && mayTryAnother();
    }

    private boolean wantsAnother(Failure failure) {
        return nextUpstream.isRetried(failure, request.method()) && mayTryAnother();
    }

    private boolean mayTryAnother() {
        return request.body().isRepeatable() && nextUpstream.allowsAnother(tried.tries(), System.nanoTime() - startedNanos);
    }
}
