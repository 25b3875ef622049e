package io.selvage.deploy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Password files that Debian's `htpasswd` writes, and error logs that Debian's fail2ban reads.
@Timeout(120)
class PasswordsIT {
    private static final String HTPASSWD = "/usr/bin/htpasswd";
    private static final String FAIL2BAN = "/usr/bin/fail2ban-regex";
    private static final Path FILTERS = Path.of("/etc/fail2ban/filter.d");
    /// The options of `htpasswd` for its kinds of hashes: MD5, bcrypt with two costs, SHA-256, SHA-512, SHA-1, crypt.
    private static final List<String> KINDS = List.of("-m", "-B", "-BC7", "-2", "-5", "-s", "-d");

    @TempDir
    private Path folder;
    private int port;

    @BeforeEach
    void writeUsers() throws Exception {
        Application.require(HTPASSWD, "import sys");
        Application.require(FAIL2BAN, "import sys");
        port = SelvageProcess.freePort();
        for (int i = 0; i < KINDS.size(); i++) {
            run(HTPASSWD, i == 0 ? "-cb" : "-b", KINDS.get(i), folder.resolve("users").toString(), "user" + i, "word " + i);
        }
    }

    private SelvageProcess start() throws IOException, InterruptedException {
        return SelvageProcess.start(folder, """
                events { }
                http {
                    limit_req_zone $binary_remote_addr zone=logins:1m rate=1r/m;
                    server {
                        listen 127.0.0.1:%d;
                        server_name example.org;
                        root .;
                        error_log error.log;
                        location /users { auth_basic "staff only"; auth_basic_user_file users; }
                        location /limited { limit_req zone=logins; root /nowhere; }
                    }
                }
                """.formatted(port));
    }

    private int status(String target, String user, String password) throws IOException {
        String pair = Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
        return RawHttp.get(port, target, "Authorization: Basic " + pair + "\r\n").status();
    }

    @Test
    void everyKindOfHashIsUnderstood() throws Exception {
        try (SelvageProcess server = start()) {
            for (int i = 0; i < KINDS.size(); i++) {
                for (int again = 0; again < 2; again++) {
                    assertEquals(200, status("/users", "user" + i, "word " + i), KINDS.get(i));
                    assertEquals(401, status("/users", "user" + i, "other " + i), KINDS.get(i));
                }
            }
            assertTrue(server.server().process().isAlive());
        }
    }

    @Test
    void fail2banSeesFailedLoginsAndExcessRequests() throws Exception {
        try (SelvageProcess server = start()) {
            assertEquals(401, status("/users", "user0", "wrong"));
            assertEquals(401, status("/users?q=\"x\"", "user1", "wrong"));
            assertEquals(401, status("/users", "nobody", "wrong"));
            assertEquals(404, RawHttp.get(port, "/limited").status());
            assertEquals(503, RawHttp.get(port, "/limited").status());
            assertEquals(503, RawHttp.get(port, "/limited", "Referer: http://example.org/\r\n").status());
            assertTrue(server.server().process().isAlive());
        }
        assertEquals(3, matched("nginx-http-auth.conf"));
        assertEquals(2, matched("nginx-limit-req.conf"));
    }

    /// How many lines of the error log a filter matches.
    private int matched(String filter) throws Exception {
        String report = run(FAIL2BAN, folder.resolve("error.log").toString(), FILTERS.resolve(filter).toString());
        Matcher lines = Pattern.compile("Lines: \\d+ lines, \\d+ ignored, (\\d+) matched").matcher(report);
        assertTrue(lines.find(), report);
        return Integer.parseInt(lines.group(1));
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output;
    }
}
