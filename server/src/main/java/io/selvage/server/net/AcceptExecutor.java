package io.selvage.server.net;

import io.helidon.common.task.HelidonTaskExecutor;
import io.helidon.common.task.InterruptableTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Serves what a Helidon listener accepts, in place of the executor that would run Helidon's own task for each connection.
///
/// The task is not run: the connection goes from the accepting thread to where it is served. What the listener asks its executor
/// at the end, to wait for the connections, is answered here.
final class AcceptExecutor implements HelidonTaskExecutor {
    private static final Future<Object> STARTED = CompletableFuture.completedFuture(new Object());

    private final Io io;
    private final ConnectionHandler handler;
    private final ConnectionLimit limit;
    private final Set<Active> active = ConcurrentHashMap.newKeySet();
    private final AtomicInteger open = new AtomicInteger();    // as `active`, and those whose thread has not begun
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean stopping;
    private volatile @Nullable AcceptingChannel socket;        // set before a server starts that accepts from it

    AcceptExecutor(Io io, ConnectionHandler handler, ConnectionLimit limit) {
        this.io = io;
        this.handler = handler;
        this.limit = limit;
    }

    /// Takes the connections from this channel from now on.
    void acceptFrom(AcceptingChannel channel) {
        socket = channel;
    }

    /// Connections end with the server from now on. Before this call they outlive it.
    void stop() {
        stopping = true;
    }

    private record Active(Connection connection, DrainSignal draining) {
    }

    /// How many connections are served now.
    int connections() {
        return open.get();
    }

    /// Ends all connections now.
    void abortAll() {
        active.forEach(each -> each.connection().abort());
    }

    /// On the accepting thread. An exception ends the connection; an error ends Helidon's loop, and [Listener] starts another.
    @Override
    @SuppressWarnings("unchecked")
    public <T> Future<T> execute(InterruptableTask<T> unused) {
        SocketChannel channel = Objects.requireNonNull(socket).takeAccepted();
        open.incrementAndGet();
        boolean started = false;
        try {
            io.serve(channel, this::serve);
            started = true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (!started) {
                AcceptingChannel.close(channel);
                closed();
            }
        }
        return (Future<T>) STARTED;
    }

    private void serve(Connection connection, DrainSignal draining) {
        Active each = new Active(connection, draining);
        active.add(each);
        if (stopping) {                                    // `terminate` may have missed it
            draining.request();
        }
        try {
            handler.serve(connection, draining);
        } finally {
            connection.close();
            active.remove(each);
            closed();
        }
    }

    private void closed() {
        limit.release();
        if (open.decrementAndGet() == 0 && stopping) {
            ended.countDown();
        }
    }

    @Override
    public boolean terminate(long timeout, TimeUnit unit) {
        if (!stopping) {
            return true;
        }
        active.forEach(each -> each.draining().request());
        if (open.get() == 0) {
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
        return !stopping || open.get() == 0;
    }

    @Override
    public void forceTerminate() {
        abortAll();
    }

    @Override
    public void close() {
        forceTerminate();
    }
}
