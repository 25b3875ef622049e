package io.selvage.server.proxy;

import io.selvage.server.http.BodySource;
import io.selvage.server.http.Failure;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// Takes the rest of a peer's answer on a thread of its own, and ends the peer's part as soon as all of it has come.
///
/// The thread runs where its starter does, as the peer's connection may be used nowhere else. Until [#leave] has returned, or a
/// read has told the end, the call and the exchange's attempts are this thread's.
final class ResponseBuffering {
    /*
     * Who ends the peer's part.
     *
     *   RUNNING --the pump: all has come, or it failed--> ENDED    then the connection is given back, or closed
     *   RUNNING --the reader or its look-out---------> LEFT     then the connection is aborted, which ends the pump's read
     *
     * One compare-and-set decides, so that a connection that others may have by now is never aborted, one that is aborted is
     * never given back, and no peer is blamed for what a client did.
     */
    private enum Peer { RUNNING, ENDED, LEFT }

    private final AtomicReference<Peer> peer = new AtomicReference<>(Peer.RUNNING);

    private final RetryLoop passage;
    private final UpstreamAttempt call;
    private final SpillBuffer backlog;

    private ResponseBuffering(RetryLoop passage, UpstreamAttempt call) {
        this.passage = passage;
        this.call = call;
        this.backlog = new SpillBuffer(passage.rules().buffering(), passage::log);
    }

    static ResponseBuffering start(RetryLoop passage, UpstreamAttempt call) {
        ResponseBuffering pump = new ResponseBuffering(passage, call);
        Thread.ofVirtual().start(pump::run);
        return pump;
    }

    private void run() {
        Optional<Failure> why = Optional.of(gone());
        try {
            why = concluded(filled());
        } finally {
            backlog.end(why);
        }
    }

    private Optional<Failure> filled() {
        BodySource body = call.current().body();
        try {
            boolean goesOn = true;
            while (goesOn) {
                goesOn = !call.isComplete() && backlog.fill(body);
            }
            return Optional.empty();
        } catch (Failure failure) {
            return Optional.of(failure);
        } catch (RuntimeException | Error e) {
            return Optional.of(Failure.bug(e));
        }
    }

    private Optional<Failure> concluded(Optional<Failure> why) {
        if (!peer.compareAndSet(Peer.RUNNING, Peer.ENDED)) {
            return Optional.of(call.failed(gone()));
        }
        if (why.isEmpty()) {
            call.ended();
            return why;
        }
        Failure told = call.failed(why.get());
        passage.log(told);
        return Optional.of(told);
    }

    private static Failure gone() {
        return Failure.downstream(Failure.What.CLOSED, "client prematurely closed connection");
    }

    private void abort() {
        if (peer.compareAndSet(Peer.RUNNING, Peer.LEFT)) {
            call.abort();
        }
    }

    /// As [BodySource#read], and ends the peer's part when the client goes meanwhile.
    int read(ByteBuffer into) throws Failure {
        try {
            return backlog.hasNow() ? backlog.take(into) : passage.waiting(this::abort, _ -> backlog.take(into));
        } catch (Failure failure) {
            if (failure.where() == Failure.Where.DOWNSTREAM) {
                passage.log(failure);
            }
            throw failure;
        }
    }

    boolean hasMoreNow() {
        return backlog.hasNow();
    }

    /// Nothing more is wanted: ends the peer's part if it goes on, and waits for the thread.
    void leave() {
        abort();
        backlog.leave();
    }
}
