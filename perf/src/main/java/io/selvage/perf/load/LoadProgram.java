package io.selvage.perf.load;

import io.selvage.perf.input.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A program that makes the load of a generator, one process for each phase. One thread calls [#run], any may call [#stop].
final class LoadProgram {
    private volatile @Nullable Process running;
    private volatile boolean stopped;

    /// What a process printed to both of its outputs, and its exit code, which is not 0 for one that was ended.
    record Ended(String output, int code) {
    }

    /// @param what the program as the subject of a message, for a user who has not installed it
    /// @throws UserError if the program cannot be started
    static void require(String program, String what) throws UserError {
        try {
            new ProcessBuilder(program, "--version").redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        } catch (IOException e) {
            throw new UserError(what + " cannot be started: " + e.getMessage());
        }
    }

    /// Waits for the end of a process, which comes at once after [#stop].
    ///
    /// @param longest how long the process may take; then it is ended
    Ended run(List<String> command, Duration longest) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        running = process;
        if (stopped) {
            process.destroy();
        }
        Executor later = CompletableFuture.delayedExecutor(longest.toMillis(), TimeUnit.MILLISECONDS);
        CompletableFuture<Void> overdue = CompletableFuture.runAsync(process::destroy, later);
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        overdue.cancel(false);
        int code = process.waitFor();
        running = null;
        return new Ended(output, code);
    }

    /// Ends the process and those that are started later. Any thread; does not wait.
    void stop() {
        stopped = true;
        Process process = running;
        if (process != null) {
            process.destroy();
        }
    }

    boolean isStopped() {
        return stopped;
    }
}
