package io.selvage.server.net.helidon;

import io.helidon.common.task.HelidonTaskExecutor;
import io.helidon.common.task.InterruptableTask;
import io.selvage.server.net.Connection;
import io.selvage.server.net.ConnectionHandler;
import io.selvage.server.net.ConnectionLimit;
import io.selvage.server.net.DrainSignal;
import io.selvage.server.net.Io;
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

/// Serves the connections that a Helidon listener accepts. It replaces the executor that would run Helidon's own task for each
/// connection.
///
/// Helidon's task is not run: the accepting thread hands each connection to [Io]. When the listener stops, it calls [#terminate]
/// to wait for the connections.
final class AcceptExecutor implements HelidonTaskExecutor {
    private static final int UNSTARTED_FOR_EACH_PROCESSOR = 16;
    private static final Future<Object> STARTED = CompletableFuture.completedFuture(new Object());

    private final Io io;
    private final ConnectionHandler handler;
    private final ConnectionLimit limit;
    private final Set<Active> active = ConcurrentHashMap.newKeySet();
    private final AtomicInteger open = new AtomicInteger();    // `active`, and those whose thread has not started
    private final StartBound starts = new StartBound(
            UNSTARTED_FOR_EACH_PROCESSOR * Runtime.getRuntime().availableProcessors(), StartBound.PATIENCE_NANOS);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean stopping;
    private volatile @Nullable AcceptingChannel socket;        // set before the server that accepts from it starts

    AcceptExecutor(Io io, ConnectionHandler handler, ConnectionLimit limit) {
        this.io = io;
        this.handler = handler;
        this.limit = limit;
    }

    /// Sets the channel whose accepted connections are served from now on.
    void acceptFrom(AcceptingChannel channel) {
        socket = channel;
    }

    /// From now on, [#terminate] ends the connections. Before this call they continue when a Helidon server ends.
    void stop() {
        stopping = true;
    }

    private record Active(Connection connection, DrainSignal draining) {
    }

    /// Number of open connections.
    int connections() {
        return open.get();
    }

    /// Ends all connections now.
    void abortAll() {
        active.forEach(each -> each.connection().abort());
    }

    /// Runs on the accepting thread, and waits there while many connections have not been served yet. An exception ends this
    /// connection only; an error ends Helidon's loop, and [Listener] starts another server.
    @Override
    @SuppressWarnings("unchecked")
    public <T> Future<T> execute(InterruptableTask<T> unused) {
        SocketChannel channel = Objects.requireNonNull(socket).takeAccepted();
        open.incrementAndGet();
        starts.begin();
        boolean started = false;
        try {
            io.serve(channel, this::serve, this::closed);
            started = true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (!started) {
                starts.started();
                closed();
            }
        }
        return (Future<T>) STARTED;
    }

    private void serve(Connection connection, DrainSignal draining) {
        starts.started();
        Active each = new Active(connection, draining);
        active.add(each);
        if (stopping) {                                    // `terminate` may have run before `add`
            draining.request();
        }
        try {
            handler.serve(connection, draining);
        } finally {
            active.remove(each);
        }
    }

    /// Called after the connection was closed.
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
