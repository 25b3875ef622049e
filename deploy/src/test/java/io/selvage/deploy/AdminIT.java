package io.selvage.deploy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The admin API of the packed server, asked by curl and by the commands of the program.
class AdminIT {
    private static final String SITE = """
            admin unix:%s/admin.sock;
            events {
            }
            http {
                upstream application {
                    server %s fail_timeout=60s;
                    server %s fail_timeout=60s;
                }
                server {
                    listen 127.0.0.1:%d;
                    location / {
                        proxy_pass http://application;
                    }
                }
            }
            """;

    @TempDir
    private Path one;
    @TempDir
    private Path two;
    @TempDir
    private Path prefix;

    @Test
    void peersAreSeenAndSteered() throws Exception {
        int port = SelvageProcess.freePort();
        try (var first = Application.gunicorn(one, "one", "127.0.0.1:0", "sync");
                var second = Application.gunicorn(two, "two", "127.0.0.1:0", "sync");
                var server = SelvageProcess.start(prefix, SITE.formatted(prefix, first.address(), second.address(), port))) {
            server.server().awaitLines(1, "started, io");
            assertTrue(curl("/api/status").contains("\"state\":\"running\""));

            first.server().kill();
            assertEquals(List.of("two", "two", "two"), answers(port));
            assertTrue(peers().contains(first.address() + "          unavailable"), peers());

            try (var running = start("top", "--interval", "0.1")) {
                running.awaitLines(1, "^peer, last 10 s ");
                assertEquals(List.of("two", "two", "two"), answers(port));
                running.awaitLines(1, "^_/ ");
                running.awaitLines(1, "^" + second.address() + " ");
            }
            String top = selvage("top", "-n", "1", "--interval", "0.1");
            assertTrue(top.contains(first.address() + " is unavailable"), top);

            assertTrue(selvage("peers", "drain", second.address()).contains("draining"));
            assertEquals("502", status(port));
            assertTrue(selvage("peers", "reset", "application/" + second.address()).contains(" up "));
            assertEquals(List.of("two", "two", "two"), answers(port));

            Files.writeString(prefix.resolve("selvage.conf"), "worker_processes no;");
            String refused = selvage("reload");
            assertTrue(refused.contains("selvage.conf:1:18: \"worker_processes\" needs a number"), refused);
        }
        assertFalse(Files.exists(prefix.resolve("admin.sock")));
        String nobody = selvage("status");
        assertTrue(nobody.startsWith("selvage: the admin API does not answer at unix:"), nobody);
    }

    private static List<String> answers(int port) throws Exception {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            names.add(Echo.of(RawHttp.get(port, "/")).get("peer"));
        }
        return names;
    }

    private static String status(int port) throws Exception {
        return Integer.toString(RawHttp.get(port, "/").head().status());
    }

    private String peers() throws Exception {
        return selvage("peers");
    }

    /// What a command says about the server of this test.
    private String selvage(String... arguments) throws Exception {
        try (var command = start(arguments)) {
            command.awaitExit();
            return String.join("\n", command.lines());
        }
    }

    private Running start(String... arguments) throws Exception {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--admin", "unix:" + prefix.resolve("admin.sock")));
        return SelvageProcess.run(prefix, List.of(), all.toArray(String[]::new));
    }

    private String curl(String target) throws Exception {
        Process curl = new ProcessBuilder("curl", "-s", "--unix-socket", prefix.resolve("admin.sock").toString(),
                "http://localhost" + target).redirectErrorStream(true).start();
        return new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
