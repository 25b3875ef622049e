package io.selvage.server.net;

import io.helidon.common.task.HelidonTaskExecutor;
import io.helidon.common.task.InterruptableTask;
import io.helidon.webserver.WebServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// Takes the place of the executor in a Helidon listener that would make a thread for each connection.
///
/// Helidon's own task makes two buffers of 8 KB and keeps its thread for as long as a connection lives, for bytes that it never
/// sees here. So the task is not run: the connection goes from the accepting thread to where it is served, and what the task
/// would do besides, to give the listener's permit back at the end, is done here. Binding, accepting, the limit of connections
/// and the order of the end stay Helidon's.
///
/// This is the one class that touches what Helidon keeps private. Where its insides have changed, [#install] says so, and
/// connections come by the public way (`Listener.Selector`).
final class AcceptExecutor implements HelidonTaskExecutor {
    private static final Future<Object> STARTED = CompletableFuture.completedFuture(new Object());

    private final Io io;
    private final Function<Connection, ConnectionHandler> serving;
    private final Set<ConnectionHandler> active;
    private final Semaphore permits;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean stopping;

    private AcceptExecutor(Io io, Function<Connection, ConnectionHandler> serving, Set<ConnectionHandler> active,
            Semaphore permits) {
        this.io = io;
        this.serving = serving;
        this.active = active;
        this.permits = permits;
    }

    /// Before the server is started.
    ///
    /// @return why connections will not come this way; nothing when they will
    static Optional<String> install(WebServer server, Io io, Function<Connection, ConnectionHandler> serving,
            Set<ConnectionHandler> active) {
        try {
            if (!(field(server, "listeners").get(server) instanceof Map<?, ?> listeners) || listeners.size() != 1) {
                return Optional.of("it has not one listener");
            }
            Object listener = listeners.values().iterator().next();
            Field executor = field(listener, "readerExecutor");
            if (executor.getType() != HelidonTaskExecutor.class
                    || !(field(listener, "connectionSemaphore").get(listener) instanceof Semaphore permits)) {
                return Optional.of("its executor or its semaphore is of another kind");
            }
            executor.set(listener, new AcceptExecutor(io, serving, active, permits));
            return Optional.empty();
        } catch (ReflectiveOperationException | RuntimeException e) {
            return Optional.of(e.toString());
        }
    }

    private static Field field(Object owner, String name) throws NoSuchFieldException {
        Field field = owner.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    /// On the accepting thread. When it throws, Helidon closes the channel and takes the permit back itself.
    @Override
    @SuppressWarnings("unchecked")
    public <T> Future<T> execute(InterruptableTask<T> unused) {
        SocketChannel channel = AcceptedChannel.take();
        try {
            Connection connection = io.accepted(channel);
            ConnectionHandler served = serving.apply(connection);
            active.add(served);
            if (stopping) {                                // it may have been missed by who drains them all
                served.drain();
            }
            io.start(connection, () -> serve(served));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return (Future<T>) STARTED;
    }

    private void serve(ConnectionHandler served) {
        try {
            served.serve();
        } finally {
            active.remove(served);
            permits.release();
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
