package io.selvage.server.proxy;

import io.selvage.loadbalancer.KeepAlive;
import io.selvage.server.http.Failure;
import io.selvage.server.http2.PeerSession;
import io.selvage.server.http2.PeerStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// The connections to the peers of a group, in one place, that several requests use at a time (HTTP/2). Safe for any number of
/// threads; a call holds the monitor for a scan of the connections to one peer at most, but for [#closeExpired].
///
/// A new connection carries all requests that need one while it is made, as far as it has room for them.
final class SharedSessions implements AutoCloseable {
    /// Requests that wait for one connection to be made.
    private static final int MOST_WAITING = 64;

    private final KeepAlive limits;
    private final Map<String, List<PeerSession>> sessions = new HashMap<>();   // guarded by this, as those below
    private final Map<String, Pending> pending = new HashMap<>();
    private boolean draining;

    SharedSessions(KeepAlive limits) {
        this.limits = limits;
    }

    /// Makes a connection.
    @FunctionalInterface
    interface Opener {

        /// @param requests how many it may carry
        PeerSession open(long requests) throws Failure;
    }

    /// A connection that is being made.
    private static final class Pending {
        private final CompletableFuture<PeerSession> session = new CompletableFuture<>();
        private int waiting;
    }

    /// A stream of a connection that is there. Does not wait.
    ///
    /// @param key of the connections that may be exchanged for each other
    synchronized Optional<PeerStream> open(String key, PeerStream.Limits call) {
        List<PeerSession> known = sessions.getOrDefault(key, List.of());
        for (PeerSession session : known) {
            Optional<PeerStream> stream = session.open(call);
            if (stream.isPresent()) {
                return stream;
            }
        }
        return Optional.empty();
    }

    /// A stream of a new connection, or of one that another request is making. Waits up to the timeout.
    Optional<PeerStream> join(String key, PeerStream.Limits call, Duration timeout) throws Failure {
        Pending joined;
        synchronized (this) {
            joined = pending.get(key);
            if (joined == null || joined.waiting >= MOST_WAITING) {
                return Optional.empty();
            }
            joined.waiting++;
        }
        try {
            return joined.session.get(timeout.toNanos(), TimeUnit.NANOSECONDS).open(call);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Failure failure ? failure : Failure.bug(e);
        } catch (TimeoutException _) {
            return Optional.empty();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /// A stream of a new connection, for which other requests may wait as well.
    ///
    /// @param keepsIdle false to close it with its last stream
    PeerStream connect(String key, boolean keepsIdle, PeerStream.Limits call, Opener opener) throws Failure {
        Pending mine = new Pending();
        synchronized (this) {
            pending.put(key, mine);
        }
        try {
            PeerSession session = opener.open(limits.requests());
            PeerStream stream = session.open(call).orElseThrow(() ->
                    Failure.upstream(Failure.What.CLOSED, true, "the connection was closed as soon as it was made"));
            add(key, session, keepsIdle);
            mine.session.complete(session);
            return stream;
        } catch (Failure failure) {
            mine.session.completeExceptionally(failure);
            throw failure;
        } finally {
            synchronized (this) {
                pending.remove(key, mine);
            }
            mine.session.completeExceptionally(Failure.upstream(Failure.What.REFUSED, true, "no connection was made"));
        }
    }

    private synchronized void add(String key, PeerSession session, boolean keepsIdle) {
        List<PeerSession> known = sessions.computeIfAbsent(key, _ -> new ArrayList<>());
        known.removeIf(PeerSession::isEnding);
        known.add(session);
        if (draining) {
            session.retireWhenIdle();
        } else if (!keepsIdle || limits.connections() == 0) {
            session.closeWithLastStream();
        }
    }

    /// Closes the connections that have carried nothing for too long.
    synchronized void closeExpired() {
        long now = System.nanoTime();
        for (List<PeerSession> known : sessions.values()) {
            known.forEach(session -> session.retireIdle(now, limits.timeout(), limits.time()));
            known.removeIf(PeerSession::isEnding);
        }
        sessions.values().removeIf(List::isEmpty);
    }

    /// Closes the connections to other peers than these: idle ones now, others with their last stream.
    synchronized void retireAllBut(Set<String> addresses) {
        sessions.values().stream().flatMap(List::stream).filter(session -> !addresses.contains(session.address()))
                .forEach(PeerSession::retireWhenIdle);
    }

    /// Closes idle connections now, and others with their last stream.
    @Override
    public synchronized void close() {
        draining = true;
        sessions.values().forEach(known -> known.forEach(PeerSession::retireWhenIdle));
    }
}
