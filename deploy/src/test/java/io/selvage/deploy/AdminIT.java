package io.selvage.deploy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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

            String top = selvage("top", "-n", "1", "--interval", "0.1");
            assertTrue(top.contains("\n_/ ") && top.contains("\n" + second.address() + " ")
                    && top.contains(first.address() + " is unavailable"), top);

            assertTrue(selvage("peers", "drain", second.address()).contains("draining"));
            assertEquals("502", status(port));
            assertTrue(selvage("peers", "reset", "application/" + second.address()).contains(" up "));
            assertEquals(List.of("two", "two", "two"), answers(port));

            Files.writeString(prefix.resolve("selvage.conf"), "worker_processes no;");
            String refused = selvage("reload");
            assertTrue(refused.contains("selvage.conf:1:18: \"worker_processes\" needs a number"), refused);
        }
        assertFalse(Files.exists(prefix.resolve("admin.sock")));
        String nobody = run("status", "--admin", "unix:" + prefix.resolve("admin.sock"));
        assertTrue(nobody.startsWith("selvage: the admin API does not answer at unix:"), nobody);
    }

    @Test
    void tokenThatOnlyRootCanReadSurvivesAReload() throws Exception {
        Path token = Files.writeString(prefix.resolve("token"), "0123456789abcdef", StandardCharsets.US_ASCII);
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
        int port = SelvageProcess.freePort();
        Files.setPosixFilePermissions(prefix, PosixFilePermissions.fromString("rwxr-xr-x"));
        String text = """
                user nobody nogroup;
                admin 127.0.0.1:%d token_file=%s;
                events { }
                http {
                    server { listen 127.0.0.1:%d; }
                }
                """.formatted(port, token, SelvageProcess.freePort());
        try (var server = SelvageProcess.start(prefix, text)) {
            server.server().awaitLines(1, "started, io");
            server.server().signal("HUP");
            server.server().awaitLines(1, "the configuration was reloaded");
            server.server().awaitLines(1, "the token of the start holds until a restart");
            assertEquals("200", status(port, "0123456789abcdef"));
            assertEquals("401", status(port, "0123456789abcdeX"));
        }
    }

    private static String status(int port, String token) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            return Integer.toString(client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/status"))
                    .header("Authorization", "Bearer " + token).build(), HttpResponse.BodyHandlers.discarding()).statusCode());
        }
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
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--admin", "unix:" + prefix.resolve("admin.sock")));
        return run(all.toArray(String[]::new));
    }

    private String run(String... arguments) throws Exception {
        try (var command = SelvageProcess.run(prefix, List.of(), arguments)) {
            command.awaitExit();
            return String.join("\n", command.lines());
        }
    }

    private String curl(String target) throws Exception {
        Process curl = new ProcessBuilder("curl", "-s", "--unix-socket", prefix.resolve("admin.sock").toString(),
                "http://localhost" + target).redirectErrorStream(true).start();
        return new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
