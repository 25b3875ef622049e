package io.selvage.deploy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The filters for nginx that Debian's fail2ban has recognise our logs.
class Fail2banIT {
    private static final String PROGRAM = "/usr/bin/fail2ban-regex";
    private static final Pattern MATCHED = Pattern.compile("(\\d+) matched");
    private static final String CONFIGURATION = """
            events { }
            http {
                limit_req_zone $binary_remote_addr zone=login:1m rate=1r/m;
                access_log access.log;
                error_log error.log;
                server {
                    listen 127.0.0.1:%d;
                    root %s;
                    location /login { limit_req zone=login; }
                }
            }
            """;

    @TempDir
    private Path folder;

    @Test
    void filtersForNginxRecogniseTheLogs() throws Exception {
        Application.require(PROGRAM, "import fail2ban");
        Files.writeString(folder.resolve("login"), "welcome");
        int port = SelvageProcess.freePort();
        try (SelvageProcess server = SelvageProcess.start(folder, CONFIGURATION.formatted(port, folder))) {
            assertEquals(200, status(port, "GET /login HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
            assertEquals(503, status(port, "GET /login HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
            assertEquals(404, status(port, "GET /phpmyadmin/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
            assertEquals(400, status(port, "\u0016\u0003\u0001 no HTTP\r\n\r\n"));
            server.server().signal("TERM");
            server.server().awaitExit();
        }
        assertEquals(1, matches("error.log", "nginx-limit-req"));
        assertEquals(1, matches("error.log", "nginx-botsearch"));
        assertEquals(1, matches("access.log", "nginx-botsearch"));
        assertEquals(1, matches("access.log", "nginx-bad-request"));
    }

    private static int status(int port, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertTrue(answer.startsWith("HTTP/1.1 "), answer);
            return Integer.parseInt(answer.substring(9, 12));
        }
    }

    /// The lines of a log in which a filter finds something.
    private int matches(String log, String filter) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(PROGRAM, folder.resolve(log).toString(), filter).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        Matcher matched = MATCHED.matcher(output);
        assertTrue(matched.find(), () -> output);
        return Integer.parseInt(matched.group(1));
    }
}
