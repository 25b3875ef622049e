package io.selvage.server.effects;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import static org.junit.jupiter.api.Assertions.assertTrue;

/// The product in a process of its own, whose error log is its standard error.
record ServerProcess(Process process, BufferedReader errors) implements AutoCloseable {

    /// It is ended after this time, so that a test that waits for a line in vain fails: such a wait cannot be interrupted.
    private static final int MOST_SECONDS = 50;

    /// @param folder the prefix of the configuration
    /// @param text all of a main configuration
    /// @param options of the JVM
    static ServerProcess start(Path folder, String text, String... options) throws IOException {
        return start(List.of(), folder, text, options);
    }

    /// As [#start], with a limit of open descriptors.
    static ServerProcess limited(int descriptors, Path folder, String text) throws IOException {
        return start(List.of("sh", "-c", "ulimit -n " + descriptors + "; exec \"$@\"", "sh"), folder, text);
    }

    private static ServerProcess start(List<String> before, Path folder, String text, String... options) throws IOException {
        Path file = Files.writeString(Files.createTempFile(folder, "main", ".conf"), text);
        List<String> command = new ArrayList<>(before);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + Path.of(System.getProperty("selvage.root"), "deploy", "jvm.options"));
        command.add("-XX:TieredStopAtLevel=1");            // it ends before the code of the second compiler pays
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Program.class.getName(),
                "-p", folder.toString(), "-c", file.toString()));
        Process process = new ProcessBuilder(command).start();
        CompletableFuture.runAsync(process::destroyForcibly, CompletableFuture.delayedExecutor(MOST_SECONDS, TimeUnit.SECONDS));
        return new ServerProcess(process, process.errorReader());
    }

    /// The next line of the error log that contains a text.
    String awaitLine(String part) throws IOException {
        String line = "";
        while (!line.contains(part)) {
            line = errors.readLine();
            assertTrue(line != null, "it ended before it said " + part);
        }
        return line;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
