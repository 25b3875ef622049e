package io.selvage.server.net;

import java.nio.channels.SocketChannel;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;

/// An accepted connection whose handler does what a test asks for, each time on a thread of its own where the connection lives.
public final class ServedConnection implements AutoCloseable {
    private static final Runnable END = () -> { };

    private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    private final CompletableFuture<Connection> connection = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    public ServedConnection(Io io, SocketChannel accepted) throws Exception {
        io.serve(accepted, this::serve, () -> ended.complete(null));
    }

    /// A virtual thread that another starts runs where that one does.
    private void serve(Connection served, DrainSignal draining) {
        connection.complete(served);
        try {
            for (Runnable task = tasks.take(); task != END; task = tasks.take()) {
                Thread.ofVirtual().start(task);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    public Connection connection() {
        return connection.join();
    }

    public <T> FutureTask<T> start(Callable<T> call) {
        FutureTask<T> task = new FutureTask<>(call);
        tasks.add(task);
        return task;
    }

    /// Returns or throws what the call does.
    public <T> T call(Callable<T> call) throws Exception {
        try {
            return start(call).get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /// Waits until the connection counts no longer.
    @Override
    public void close() {
        tasks.add(END);
        connection().close();
        ended.join();
    }
}
