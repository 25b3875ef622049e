package io.selvage.server.proxy;

import io.selvage.loadbalancer.Lease;
import io.selvage.loadbalancer.Tried;
import io.selvage.loadbalancer.Upstream;
import io.selvage.server.http.Attempt;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Status;
import java.util.Optional;

/// Decides which peer gets a request, whether another peer is tried, and when to give up.
final class RetryLoop {
    private final UpstreamRequest request;
    private final NextUpstream nextUpstream;
    private final Upstream upstream;
    private final byte[] key;
    private final String bound;
    private final Tried tried = new Tried();
    private final long startedNanos = System.nanoTime();

    RetryLoop(UpstreamRequest request) {
        this.request = request;
        this.nextUpstream = request.options().nextUpstream();
        this.upstream = request.target().group().upstream();
        this.key = request.target().group().key(request.exchange());
        this.bound = request.target().group().sticky().peer(request.exchange());
    }

    /// Tries one peer after another until one sends a response for the client.
    ///
    /// @return the attempt that was answered; the caller must end it
    /// @throws Failure that of the last attempt
    UpstreamAttempt run() throws Failure {
        Lease lease = pick().orElseThrow(this::noLivePeer);
        while (true) {
            UpstreamAttempt attempt = new UpstreamAttempt(request, lease);
            Optional<Lease> next;
            try {
                Status status = attempt.ask().status();
                next = wantsAnother(status) ? pick() : Optional.empty();
                if (next.isEmpty()) {
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
                if (next.isEmpty()) {
                    throw noLivePeer();
                }
            } catch (RuntimeException e) {
                attempt.end(new UpstreamAttempt.Failed(Failure.bug(e)));
                throw e;
            }
            lease = next.get();
        }
    }

    /// True if there is a peer that was not tried, although none can be used now.
    private boolean isAnyLeft() {
        return tried.tries() < upstream.spec().peers().stream().filter(peer -> !peer.down()).count();
    }

    private Optional<Lease> pick() {
        return upstream.pick(key, bound, tried);
    }

    private Failure noLivePeer() {
        Failure failure = Failure.upstream(Failure.What.NO_PEER, true, "no live upstreams");
        request.exchange().addAttempt(new Attempt(request.target().group().name(), failure.status(), -1, -1, -1,
                -1, Attempt.Traffic.NONE));
        return UpstreamErrorMessages.describe(failure, UpstreamErrorMessages.CONNECTING);
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
