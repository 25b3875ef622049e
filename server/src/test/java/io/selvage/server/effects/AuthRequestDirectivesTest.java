package io.selvage.server.effects;

import io.selvage.server.net.Io;
import io.selvage.server.proxy.Origin;
import io.selvage.server.proxy.Signal;
import io.selvage.server.whole.RawClient;
import io.selvage.server.whole.TestServer;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static io.selvage.server.effects.Serving.body;
import static io.selvage.server.effects.Serving.field;
import static io.selvage.server.effects.Serving.get;
import static io.selvage.server.effects.Serving.site;
import static io.selvage.server.effects.Serving.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class AuthRequestDirectivesTest {

    private static TestServer asking(Origin auth, String directives) throws IOException {
        String location = "location = /auth { proxy_pass http://" + auth.address() + "; }";
        return site("auth_request /auth; " + directives + location, "f", "");
    }

    @ParameterizedTest
    @CsvSource({"200, 200", "204, 200", "299, 200", "401, 401", "403, 403", "404, 500", "302, 500", "500, 500", "444, 500"})
    @Effect("auth_request")
    void authRequestAllowsWhatAnotherUriAllows(int answer, int status) throws IOException {
        try (TestServer server = site("""
                location /f { auth_request /auth; }
                location /open { auth_request off; }
                location = /auth { internal; return %d; }
                """.formatted(answer), "f", "file", "open", "file")) {
            String got = server.get("/f");
            assertEquals(status, status(got));
            assertEquals(status == 200, body(got).equals("file"));
            assertEquals(200, status(server.get("/open")));
            if (status == 500) {
                assertTrue(server.errorLog().getFirst().contains("auth request unexpected status: " + answer));
            }
        }
    }

    /// The location that is asked inherits the directive, but a subrequest is not checked itself.
    @ParameterizedTest
    @MethodSource("io.selvage.server.net.Ios#all")
    @Effect("auth_request")
    void authRequestPassesFieldsWithoutTheBody(Io io) throws IOException {
        try (Origin auth = Origin.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
             Origin app = Origin.answering("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\napp");
             TestServer server = TestServer.nginx(io, """
                server {
                    listen 127.0.0.1:0;
                    auth_request /auth;
                    location / { proxy_pass http://%s; }
                    location = /auth { proxy_pass http://%s/check?$args; proxy_set_header X-Uri $request_uri; }
                }
                """.formatted(app.address(), auth.address()))) {
            String answer = server.ask("POST /app?a=b HTTP/1.1\r\nHost: a\r\nCookie: c=d\r\nContent-Length: 4\r\n"
                    + "Upgrade: websocket\r\nConnection: close, upgrade\r\n\r\nbody");
            assertEquals("app", body(answer));
            String asked = auth.requests().getFirst();
            assertTrue(asked.startsWith("GET /check? HTTP/1."), asked);
            assertTrue(asked.contains("\r\nCookie: c=d\r\n"), asked);
            assertTrue(asked.contains("\r\nX-Uri: /app?a=b\r\n"), asked);
            assertFalse(asked.contains("Upgrade"), asked);
            assertTrue(asked.endsWith("\r\n\r\n"), asked);
            assertTrue(app.requests().getFirst().endsWith("\r\n\r\nbody"), app.requests()::getFirst);
        }
    }

    @Test
    @Effect("auth_request")
    void authRequestPassesTheChallengesOn() throws IOException {
        String denial = "HTTP/1.1 401 No\r\nContent-Length: 0\r\nWWW-Authenticate: Basic realm=\"a\"\r\n"
                + "WWW-Authenticate: Bearer\r\nX-Other: b\r\n\r\n";
        try (Origin auth = Origin.answering(denial); TestServer server = asking(auth, "")) {
            String answer = server.get("/");
            assertEquals(401, status(answer));
            assertTrue(answer.contains("\r\nWWW-Authenticate: Basic realm=\"a\"\r\nWWW-Authenticate: Bearer\r\n"), answer);
            assertFalse(answer.contains("X-Other"), answer);
        }
    }

    @Test
    @Effect("auth_request_set")
    void authRequestSetTakesValuesOfTheAnswer() throws IOException {
        String allowed = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-User: me\r\n\r\n";
        try (Origin auth = Origin.answering(allowed); TestServer server = asking(auth, """
                auth_request_set $user $upstream_http_x_user;
                auth_request_set $code $upstream_status;
                auth_request_set $args user=$user;
                add_header X-User $user;
                add_header X-Args $args;
                add_header X-Code $code-$upstream_status;
                """)) {
            String answer = server.get("/f");
            assertEquals("me", field(answer, "X-User"));
            assertEquals("200-", field(answer, "X-Code"));
            assertEquals("user=me", field(answer, "X-Args"));
        }
    }

    @Test
    @Effect("auth_request")
    void eitherAnAddressOrTheOtherUriMayBeEnough() throws IOException {
        try (TestServer server = site("""
                auth_request /auth;
                satisfy any;
                location = /auth { return 403; }
                location /in { allow all; }
                location /out { deny all; }
                """, "in", "", "out", "")) {
            assertEquals(200, status(server.get("/in")));
            assertEquals(403, status(server.get("/out")));
        }
    }

    @Test
    @Effect("auth_request")
    void aClientThatGoesEndsTheSubrequest() throws Exception {
        Signal asked = new Signal();
        Signal gone = new Signal();
        try (Origin auth = Origin.scripted(wire -> {
            wire.readRequest();
            asked.give();
            wire.end();
            gone.give();
        }); TestServer server = asking(auth, ""); RawClient client = server.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            asked.await();
            client.reset();
            gone.await();
            assertEquals("GET / HTTP/1.1|499", server.accessLog().getFirst());
        }
    }

    @Test
    @Effect("auth_request")
    void aDeniedRequestMayHaveAnErrorPage() throws IOException {
        try (TestServer server = site("""
                location / { auth_request /auth; error_page 401 = /login; }
                location = /auth { return 401; }
                location = /login { return 302 /sign-in; }
                """)) {
            assertEquals(302, status(get(server, "/f", "")));
        }
    }
}
