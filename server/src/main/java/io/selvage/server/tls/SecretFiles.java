package io.selvage.server.tls;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;

/// Where files with certificates and keys are read: in the thread that wants them, unless a thread with the right to read them
/// was named. Thread-safe.
public final class SecretFiles {
    private static final Executor HERE = Runnable::run;
    private static volatile Executor readers = HERE;

    private SecretFiles() {
    }

    /// Makes all such files be read by other threads from now on: the process is about to lose the right to read them.
    ///
    /// @param privileged runs each task in a thread that keeps that right
    public static void readWith(Executor privileged) {
        readers = privileged;
    }

    /// Runs a task that reads such a file, and waits for its result.
    static <T> T call(Callable<T> reading) throws IOException {
        FutureTask<T> task = new FutureTask<>(reading);
        readers.execute(task);
        try {
            return task.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException io -> throw io;
                case RuntimeException bug -> throw bug;
                case null, default -> throw new IOException(e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
