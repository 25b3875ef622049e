package io.selvage.deploy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

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

    private String configuration = "";

    @Test
    void printsWhatToTryWhenTheSiteListens() {
        assertEquals(0, demo((file, prefix) -> {
            configuration = read(file);
            listen(prefix);
            return 0;
        }, "--port", "8123"));
        assertTrue(output.toString().contains("http://127.0.0.1:8123/style.css"), output.toString());
        assertTrue(configuration.contains("listen 127.0.0.1:8123;"), configuration);
    }

    @Test
    void printsNothingWhenTheSiteCannotListen() {
        assertEquals(1, demo((_, _) -> 1));
        assertEquals("", output.toString());
    }

    private int demo(Demo.ServerRun server, String... arguments) {
        return new CommandLine(new Demo(server)).setOut(new PrintWriter(output)).execute(arguments);
    }

    /// A substitute for the server listens, by its pid file, and ends when the demo has printed its text.
    private void listen(Path prefix) {
        try {
            Files.createFile(prefix.resolve("demo.pid"));
            printed.await();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
