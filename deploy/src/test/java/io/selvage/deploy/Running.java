package io.selvage.deploy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.junit.jupiter.api.Assertions.fail;

/// A process that a test started, and its output by lines. Closing it ends the process and its children.
class Running implements AutoCloseable {
    /// A wait that takes as long has failed; it is far from what any of them takes on a slow machine.
    private static final Duration PATIENCE = Duration.ofSeconds(100);
    private static final long POLL_NANOS = 1_000_000;

    private final Process process;
    private final String stopSignal;
    private final Thread reader;
    private final List<String> lines = new ArrayList<>();          // guarded by itself
    private boolean ended;                                         // guarded by lines

    /// @param stopSignal the signal that ends this program at once, without `SIG`
    Running(Path folder, Map<String, String> environment, String stopSignal, List<String> command) throws IOException {
        var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        this.process = builder.start();
        this.stopSignal = stopSignal;
        process.getOutputStream().close();
        this.reader = Thread.ofPlatform().daemon().start(this::collect);     // its reads block the thread below
    }

    /// Waits for the given number of lines that contain the pattern.
    ///
    /// @return the last of them
    Matcher awaitLines(int count, String pattern) throws InterruptedException {
        return awaitLinesSince(0, count, pattern);
    }

    /// As [#awaitLines].
    ///
    /// @param from how many lines are left out, counted from the start
    Matcher awaitLinesSince(int from, int count, String pattern) throws InterruptedException {
        var wanted = Pattern.compile(pattern);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        int found = 0;
        synchronized (lines) {
            for (int next = from;; next++) {
                while (next == lines.size()) {
                    long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                    if (ended || left <= 0) {
                        return fail(found + " of " + count + " lines like " + pattern + " in:\n"
                                + String.join("\n", lines.subList(from, lines.size())));
                    }
                    lines.wait(left);
                }
                Matcher line = wanted.matcher(lines.get(next));
                found += line.find() ? 1 : 0;
                if (found == count) {
                    return line;
                }
            }
        }
    }

    /// The output so far.
    List<String> lines() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    Process process() {
        return process;
    }

    /// @param name without `SIG`
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).inheritIO().start().waitFor();
    }

    /// Waits for the end of the process and of its output.
    int awaitExit() throws InterruptedException {
        if (!process.waitFor(PATIENCE)) {
            return fail("still running; its output:\n" + String.join("\n", lines()));
        }
        reader.join();
        return process.exitValue();
    }

    /// Ends the process and its descendants with `SIGKILL`, and waits until the kernel has closed what they had open.
    void kill() throws InterruptedException {
        List<ProcessHandle> children = process.descendants().toList();
        process.toHandle().destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        process.waitFor();
        children.forEach(Running::awaitEnd);
    }

    /// Waits until all threads of the process have ended, whether or not its parent has noticed: then it has no descriptors.
    /// Polls, because the kernel reports the end of a process to its parent only.
    static void awaitEnd(ProcessHandle process) {
        Path stat = Path.of("/proc", Long.toString(process.pid()), "stat");
        try {
            while (!Files.readString(stat).matches("(?s).*\\) Z( \\S+){16} [01] .*")) {  // a zombie without other threads
                LockSupport.parkNanos(POLL_NANOS);
            }
        } catch (IOException _) {
            // its parent has noticed
        }
    }

    /// Sends a signal to the process and its descendants.
    ///
    /// @param name without `SIG`
    void signalAll(String name) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("kill", "-" + name, Long.toString(process.pid())));
        process.descendants().forEach(child -> command.add(Long.toString(child.pid())));
        new ProcessBuilder(command).inheritIO().start().waitFor();
    }

    @Override
    public void close() throws IOException {
        List<ProcessHandle> children = process.descendants().toList();
        try {
            if (process.isAlive()) {
                signal(stopSignal);
                process.waitFor(Duration.ofSeconds(10));
            }
            process.toHandle().destroyForcibly();
            process.waitFor();
            children.forEach(ProcessHandle::destroyForcibly);
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void collect() {
        try (BufferedReader output = process.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                synchronized (lines) {
                    lines.add(line);
                    lines.notifyAll();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            synchronized (lines) {
                ended = true;
                lines.notifyAll();
            }
        }
    }
}
