package io.selvage.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Thread dumps of a running server.
class ThreadsIT {
    private static final String SITE = """
            server {
                listen 127.0.0.1:%d;
                access_log off;
                location / { return 200 "hi\\n"; }
                location /app { proxy_pass http://127.0.0.1:%d; }
            }
            """;

    @TempDir
    private Path prefix;

    @ParameterizedTest
    @ValueSource(strings = {"carrier", "jdk"})
    void dumpShowsWhatEachConnectionWaitsFor(String io) throws Exception {
        int port = SelvageProcess.freePort();
        try (var peer = new Peer();
                var _ = SelvageProcess.startOn(io, prefix, SITE.formatted(port, peer.port()));
                var idle = new RawHttp(port);
                var waiting = new RawHttp(port)) {
            assertEquals("hi\n", idle.send("GET / HTTP/1.1\r\nHost: example.org\r\n\r\n").answer().body());
            waiting.send("GET /app HTTP/1.1\r\nHost: example.org\r\n\r\n");
            try (var request = peer.accept()) {
                String dump = dump(prefix.resolve("selvage.pid"));

                assertTrue(dump.contains("io " + io), dump);
                assertTrue(dump.contains("selvage-URG #"), dump);
                assertTrue(dump.contains(": 127.0.0.1:" + idle.localPort() + " #"), dump);
                assertTrue(stackOf(waiting.localPort(), dump).contains("Http1Call.awaitHead("), dump);
                assertFalse(Files.exists(prefix.resolve("selvage.pid.threads")));

                request.answer("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nslow");
                assertEquals("slow", waiting.answer().body());
            }
        }
    }

    /// The lines from the label of the client with this port to the next empty line.
    private static String stackOf(int client, String dump) {
        String own = dump.substring(dump.indexOf("127.0.0.1:" + client + " #"));
        return own.substring(0, own.indexOf("\n\n"));
    }

    private String dump(Path pid) throws IOException, InterruptedException {
        try (var threads = SelvageProcess.run(prefix, List.of(), "threads", "--pid", pid.toString())) {
            assertEquals(0, threads.awaitExit(), () -> String.join("\n", threads.lines()));
            return String.join("\n", threads.lines()) + "\n";
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"carrier", "jdk"})
    void dumpsUnderLoadFailNoRequest(String io) throws Exception {
        int port = SelvageProcess.freePort();
        try (var selvage = SelvageProcess.startOn(io, prefix, SITE.formatted(port, 1));
                var load = new Load(port, 6, "/")) {
            load.awaitAnswers(100);
            for (int i = 1; i <= 5; i++) {
                selvage.server().signal("URG");
                selvage.server().awaitLines(i, "^\\d+ virtual threads, ");
            }
            assertTrue(dump(prefix.resolve("selvage.pid")).contains(" virtual threads, "));
            load.awaitAnswers(100);
            assertEquals(List.of(), load.stop());
        }
    }

    /// The JDK's dump finds no virtual thread of a connection: reading their stacks can crash JDK 25. With `io jdk` it still
    /// reads those of the JDK's pollers, which can crash it too.
    @Test
    void dumpOfTheJdkUnderLoadFailsNoRequestOnCarriers() throws Exception {
        int port = SelvageProcess.freePort();
        try (var selvage = SelvageProcess.startOn("carrier", prefix, SITE.formatted(port, 1));
                var load = new Load(port, 6, "/")) {
            load.awaitAnswers(100);
            for (int i = 0; i < 3; i++) {
                String dump = dumpOfTheJdk(selvage.server().process().pid(), prefix.resolve("dump-" + i + ".txt"));
                assertTrue(dump.contains("\"main\""), dump);
                assertFalse(dump.contains("ServeLoop"), dump);
            }
            load.awaitAnswers(100);
            assertEquals(List.of(), load.stop());
        }
    }

    private static String dumpOfTheJdk(long pid, Path file) throws IOException, InterruptedException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process command = new ProcessBuilder(jcmd, Long.toString(pid), "Thread.dump_to_file", file.toString())
                .redirectErrorStream(true).start();
        String output = new String(command.getInputStream().readAllBytes());
        assertEquals(0, command.waitFor(), output);
        return Files.readString(file);
    }

    @Test
    void missingServerIsReportedInOneLine() throws Exception {
        try (var threads = SelvageProcess.run(prefix, List.of(), "threads", "--pid", "selvage.pid")) {
            assertEquals(1, threads.awaitExit());
            assertEquals(1, threads.lines().size(), () -> String.join("\n", threads.lines()));
            assertTrue(threads.lines().getFirst().contains("selvage.pid"), threads.lines().getFirst());
        }
    }
}
