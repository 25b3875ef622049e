package io.selvage.deploy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DemoTest {
    private final CountDownLatch printed = new CountDownLatch(1);
    private final StringWriter output = new StringWriter() {
        @Override
        public void flush() {
            printed.countDown();
        }
    };

    @Test
    void printsWhatToTryWhenTheSiteListens() {
        var run = new Run();
        assertEquals(0, commandLine(run).execute("demo", "--port", "8123"));
        assertTrue(output.toString().contains("http://127.0.0.1:8123/style.css"), output.toString());
        assertTrue(run.text.contains("listen 127.0.0.1:8123;"), run.text);
    }

    @Test
    void printsNothingWhenTheSiteCannotListen() {
        var run = new Run();
        run.exit = 1;
        assertEquals(1, commandLine(run).execute("demo"));
        assertEquals("", output.toString());
    }

    private CommandLine commandLine(Run run) {
        return new CommandLine(new Root()).addSubcommand(new Demo()).addSubcommand(run).setOut(new PrintWriter(output));
    }

    @Command(name = "selvage")
    private static final class Root {
    }

    /// A substitute for the server: it listens at once, by its pid file, and ends when the demo has printed its text.
    @Command(name = "run")
    private final class Run implements Callable<Integer> {
        @Option(names = "-c")
        private Path configuration;
        @Option(names = "-p")
        private Path prefix;
        private String text = "";
        private int exit;

        @Override
        public Integer call() throws Exception {
            text = Files.readString(configuration);
            if (exit == 0) {
                Files.createFile(prefix.resolve("demo.pid"));
                printed.await();
            }
            return exit;
        }
    }
}
