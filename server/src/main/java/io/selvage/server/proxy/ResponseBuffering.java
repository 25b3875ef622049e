package io.selvage.server.proxy;

import io.selvage.server.engine.ThreadRegistry;
import io.selvage.server.http.BodySource;
import io.selvage.server.http.Failure;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// Reads the rest of a peer's response on a thread of its own, and ends the attempt as soon as all of it has come.
///
/// The thread runs where its starter runs, because the peer's connection belongs to that carrier. Attempt and call belong to this
/// thread until [#cancel] has returned or a read has returned the end.
final class ResponseBuffering {
    /*
     * Who ends the attempt.
     *
     *   RUNNING --the thread: all has come, or it failed-----> ENDED      then the connection is given back, or closed
     *   RUNNING --the reader, or its watch on the client-----> CANCELLED  then the call is aborted, which ends the thread's read
     *
     * One compare-and-set decides. So a connection that others may use by now is never aborted, one that is aborted is
     * never given back, and no failure counts against the peer that a client caused.
     */
    private enum Peer { RUNNING, ENDED, CANCELLED }

    private final AtomicReference<Peer> peer = new AtomicReference<>(Peer.RUNNING);

    private final UpstreamRequest request;
    private final UpstreamAttempt attempt;
    private final UpstreamCall call;
    private final SpillBuffer buffer;

    private ResponseBuffering(UpstreamRequest request, UpstreamAttempt attempt) {
        this.request = request;
        this.attempt = attempt;
        this.call = attempt.call();
        this.buffer = new SpillBuffer(request.options().buffering(), request::log);
    }

    /// @param attempt was answered; its body may have been read in part
    static ResponseBuffering start(UpstreamRequest request, UpstreamAttempt attempt) {
        ResponseBuffering buffering = new ResponseBuffering(request, attempt);
        ThreadRegistry.start("buffering of a response", buffering::run);
        return buffering;
    }

    private void run() {
        Optional<Failure> failure = Optional.of(ClientDisconnectWatch.gone());
        try {
            failure = endAttempt(fill());
        } finally {
            buffer.end(failure);
        }
    }

    private Optional<Failure> fill() {
        BodySource body = attempt.body();
        try {
            boolean hasMore = true;
            while (hasMore) {
                hasMore = !call.isComplete() && buffer.fill(body);
            }
            return Optional.empty();
        } catch (Failure failure) {
            return Optional.of(failure);
        } catch (RuntimeException | Error e) {
            return Optional.of(Failure.bug(e));
        }
    }

    private Optional<Failure> endAttempt(Optional<Failure> failure) {
        if (!peer.compareAndSet(Peer.RUNNING, Peer.ENDED)) {
            Failure gone = ClientDisconnectWatch.gone();
            attempt.end(new UpstreamAttempt.Failed(gone));
            return Optional.of(gone);
        }
        if (failure.isEmpty()) {
            attempt.end(UpstreamAttempt.FINISHED);
        }
        return failure.map(attempt::endBroken);
    }

    private void abort() {
        if (peer.compareAndSet(Peer.RUNNING, Peer.CANCELLED)) {
            call.abort();
        }
    }

    /// As [BodySource#read]. Cancels the rest of the response where the client disconnects during the wait.
    int read(ByteBuffer into) throws Failure {
        try {
            return buffer.hasNow() ? buffer.take(into)
                    : ClientDisconnectWatch.during(request, this::abort, () -> buffer.take(into));
        } catch (Failure failure) {
            if (failure.where() == Failure.Where.DOWNSTREAM) {
                request.log(failure);
                throw failure.asLogged();
            }
            throw failure;
        }
    }

    boolean hasMoreNow() {
        return buffer.hasNow();
    }

    /// Ends the response where it is, because nothing more is wanted of it, and waits for the thread.
    void cancel() {
        abort();
        buffer.cancel();
    }
}
