package io.selvage.server.admin;

import io.helidon.http.HeaderValues;
import io.helidon.http.HttpPrologue;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http1.Http1ConnectionListener;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Ends connections when their clients ask for it, and those whose request takes too long: Helidon has no timeout for the rest
/// of a head, for a body, or for a client that reads no answer. The time counts from the first line of a request to the end of
/// its answer. Thread-safe.
final class RequestDeadlines implements Http1ConnectionListener, Filter {
    private final long patienceNanos;
    private final Map<Thread, Long> deadlines = new ConcurrentHashMap<>();     // by the threads of connections

    RequestDeadlines(Duration patience) {
        this.patienceNanos = patience.toNanos();
    }

    @Override
    public void prologue(ConnectionContext connection, HttpPrologue prologue) {
        deadlines.put(Thread.currentThread(), System.nanoTime() + patienceNanos);
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        try {
            chain.proceed();
            if (response.isSent() && request.headers().containsToken(HeaderValues.CONNECTION_CLOSE)) {
                end(request);
            }
        } finally {
            noDeadline();
        }
    }

    /// Ends a connection as its client wants. Helidon says that it does, and then waits for another request.
    private static void end(RoutingRequest request) {
        if (!request.content().consumed()) {
            request.content().consume();                   // the client gets a reset otherwise, and may lose the answer
        }
        throw new CloseConnectionException("the client asked for it");
    }

    /// The request of the calling thread may take as long as it likes.
    void noDeadline() {
        deadlines.remove(Thread.currentThread());
    }

    /// Ends what is late at a moment. An interrupt closes the channel that a thread waits for.
    void endLate(long nowNanos) {
        deadlines.forEach((thread, deadline) -> {
            if (nowNanos - deadline > 0 && deadlines.remove(thread, deadline)) {
                thread.interrupt();
            }
        });
    }
}
