package io.selvage.server.effects;

import io.selvage.server.whole.TestServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.selvage.server.effects.Serving.field;
import static io.selvage.server.effects.Serving.get;
import static io.selvage.server.effects.Serving.site;
import static io.selvage.server.effects.Serving.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Access by password.
@Timeout(60)
class AuthDirectivesTest {
    private static final String USERS = "ann:{PLAIN}secret\nbob:$2b$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW\n"
            + "cid:$y$j9T$x$y\n";
    private static final String CLOSED = "location /a { auth_basic Closed; auth_basic_user_file users; }";

    private static String as(String pair) {
        return "Authorization: Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)) + "\r\n";
    }

    private static TestServer serve(String text) throws IOException {
        return site(text, "a", "", "b", "", "users", USERS, "others", "eve:{PLAIN}x\n");
    }

    @Test
    @Effect({"auth_basic", "auth_basic_user_file"})
    void authBasicAsksForAPassword() throws IOException {
        try (TestServer server = serve(CLOSED)) {
            assertEquals(200, status(server.get("/b")));
            String answer = server.get("/a");
            assertEquals(401, status(answer));
            assertEquals("Basic realm=\"Closed\"", field(answer, "WWW-Authenticate"));
            assertEquals(200, status(get(server, "/a", as("ann:secret"))));
            assertEquals(200, status(get(server, "/a", as("bob:secret"))));
            assertEquals(200, status(get(server, "/a", as("bob:secret"))));
            assertEquals(200, status(get(server, "/a", "authorization: bAsIc  YW5uOnNlY3JldA==\r\n")));
            for (String wrong : List.of("ann:", "ann:Secret", "ann", ":secret", "bob:x", "eve:x", "cid:secret", "ann:secret:")) {
                assertEquals(401, status(get(server, "/a", as(wrong))), wrong);
            }
            for (String malformed : List.of("Basic", "Basic ", "Bearer YW5uOnNlY3JldA==", "Basic *", "Basic YW5uOnN*",
                    "Basic YW5uOnNlY3JldA==\r\nAuthorization: Basic YW5uOnNlY3JldA==")) {
                assertEquals(401, status(get(server, "/a", "Authorization: " + malformed + "\r\n")), malformed);
            }
        }
    }

    /// The filter `nginx-http-auth` of fail2ban looks for these lines.
    @Test
    void refusalsAreLoggedAsByNginx() throws IOException {
        try (TestServer server = serve(CLOSED + " server_name site.test;")) {
            get(server, "/a", as("ann:x"));
            get(server, "/a", as("eve:x"));
            get(server, "/a", as("cid:x"));
            get(server, "/a", "");
            String about = ", client: 127.0.0.1, server: site.test, request: \"GET /a HTTP/1.1\", host: \"a\"";
            String file = server.folder() + "/users";
            assertEquals(List.of("[error] *1 user \"ann\": password mismatch" + about,
                    "[error] *2 user \"eve\" was not found in \"" + file + "\"" + about,
                    "[error] *3 user \"cid\": the hash of the password in \"" + file + "\" is of an unknown kind" + about,
                    "[info] *4 no user/password was provided for basic authentication" + about), server.errorLog());
        }
    }

    @Test
    void realmAndFileMayHaveVariables() throws IOException {
        try (TestServer server = serve("auth_basic $arg_realm; auth_basic_user_file $document_root/$arg_file;")) {
            assertEquals("Basic realm=\"x\"", field(server.get("/a?realm=x&file=users"), "WWW-Authenticate"));
            assertEquals(200, status(server.get("/a?realm=off")));
            assertEquals(200, status(get(server, "/a?realm=x&file=others", as("eve:x"))));
            assertEquals(401, status(get(server, "/a?realm=x&file=users", as("eve:x"))));
            assertEquals(403, status(get(server, "/a?realm=x&file=none", as("eve:x"))));
            assertTrue(server.errorLog().stream()
                    .anyMatch(line -> line.contains("/none\" failed (2: No such file or directory)")));
        }
    }

    @Test
    void authBasicIsInheritedAndSwitchedOff() throws IOException {
        try (TestServer server = serve("auth_basic a; auth_basic_user_file users; location /b { auth_basic off; }")) {
            assertEquals(401, status(server.get("/a")));
            assertEquals(200, status(server.get("/b")));
        }
        try (TestServer server = serve("auth_basic a;")) {
            assertEquals(200, status(server.get("/a")));
        }
    }

    @Test
    void fileThatCannotBeReadIsAnError() throws IOException {
        try (TestServer server = serve("location /a { auth_basic a; auth_basic_user_file .; }")) {
            assertEquals(500, status(get(server, "/a", as("ann:secret"))));
        }
    }

    @Test
    void changedFileCountsAtOnce() throws IOException {
        try (TestServer server = serve(CLOSED)) {
            assertEquals(200, status(get(server, "/a", as("bob:secret"))));
            Files.writeString(server.folder().resolve("users"), "ann:{PLAIN}other\n");
            assertEquals(401, status(get(server, "/a", as("bob:secret"))));
            assertEquals(200, status(get(server, "/a", as("ann:other"))));
        }
    }

    @Test
    void errorPageMayReplaceTheAnswer() throws IOException {
        try (TestServer server = serve(CLOSED + "error_page 401 /b;")) {
            String answer = server.get("/a");
            assertEquals(401, status(answer));
            assertEquals("Basic realm=\"Closed\"", field(answer, "WWW-Authenticate"));
        }
    }

    @ParameterizedTest(name = "{0} and {1}: {2}, {3}")
    @CsvSource({"all, allow, 401, 200", "all, deny, 403, 403", "any, allow, 200, 200", "any, deny, 401, 200"})
    @Effect("satisfy")
    void satisfyCombinesAddressAndPassword(String satisfy, String rule, int without, int with) throws IOException {
        try (TestServer server = serve("location /a { satisfy " + satisfy + "; " + rule + " 127.0.0.1; deny all;"
                + " auth_basic a; auth_basic_user_file users; }")) {
            String answer = server.get("/a");
            assertEquals(without, status(answer));
            assertEquals(without == 401, !field(answer, "WWW-Authenticate").isEmpty());
            assertEquals(with, status(get(server, "/a", as("ann:secret"))));
            assertEquals(satisfy.equals("all") && rule.equals("deny") ? 2 : 0,
                    server.errorLog().stream().filter(line -> line.contains("access forbidden by rule")).count());
        }
    }

    @Test
    @Effect("auth_delay")
    void authDelayHoldsBackTheAnswer401() throws IOException {
        try (TestServer server = serve("auth_delay 200ms;" + CLOSED)) {
            long started = System.nanoTime();
            assertEquals(401, status(server.get("/a")));
            assertTrue(System.nanoTime() - started >= Duration.ofMillis(190).toNanos());
            assertTrue(server.errorLog().stream().anyMatch(line -> line.contains("delaying unauthorized request")));
        }
    }
}
