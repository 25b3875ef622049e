package io.selvage.server.net;

import io.helidon.common.task.HelidonTaskExecutor;
import io.helidon.common.task.InterruptableTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// Serves what a Helidon listener accepts, in place of the executor that would run Helidon's own task for each connection.
///
/// The task is not run: the connection goes from the accepting thread to where it is served. What the listener asks its executor
/// at the end, to wait for the connections, is answered here.
final class AcceptExecutor implements HelidonTaskExecutor {
    private static final Future<Object> STARTED = CompletableFuture.completedFuture(new Object());

    private final Io io;
    private final Function<Connection, ConnectionHandler> serving;
    private final Set<ConnectionHandler> active;
    private final AcceptingChannel socket;
    private final ConnectionLimit limit;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean stopping;

    AcceptExecutor(Io io, Function<Connection, ConnectionHandler> serving, Set<ConnectionHandler> active,
            AcceptingChannel socket, ConnectionLimit limit) {
        this.io = io;
        this.serving = serving;
        this.active = active;
        this.socket = socket;
        this.limit = limit;
    }

    /// On the accepting thread. When it throws, Helidon closes the channel.
    @Override
    @SuppressWarnings("unchecked")
    public <T> Future<T> execute(InterruptableTask<T> unused) {
        SocketChannel channel = socket.takeAccepted();
        boolean started = false;
        try {
            Connection connection = io.accepted(channel);
            ConnectionHandler served = serving.apply(connection);
            active.add(served);
            if (stopping) {                                // it may have been missed by who drains them all
                served.drain();
            }
            io.start(connection, () -> serve(served));
            started = true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (!started) {
                limit.release();
            }
        }
        return (Future<T>) STARTED;
    }

    private void serve(ConnectionHandler served) {
        try {
            served.serve();
        } finally {
            active.remove(served);
            limit.release();
            if (stopping && active.isEmpty()) {
                ended.countDown();
            }
        }
    }

    @Override
    public boolean terminate(long timeout, TimeUnit unit) {
        stopping = true;
        active.forEach(ConnectionHandler::drain);
        if (active.isEmpty()) {
            ended.countDown();
        }
        try {
            return ended.await(timeout, unit);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public boolean isTerminated() {
        return stopping && active.isEmpty();
    }

    @Override
    public void forceTerminate() {
        stopping = true;
        active.forEach(ConnectionHandler::abort);
    }

    @Override
    public void close() {
        forceTerminate();
    }
}
