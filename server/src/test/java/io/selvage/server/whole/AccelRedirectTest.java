package io.selvage.server.whole;

import io.selvage.server.net.Ios;
import io.selvage.server.proxy.Origin;
import java.io.IOException;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// What a response with `X-Accel-Redirect` leads to. The application has two responses, one for its first request.
@Timeout(60)
class AccelRedirectTest {
    private TestServer server;
    private Origin application;
    private volatile String first = "";
    private volatile String second = "";

    @BeforeEach
    void start() throws IOException {
        application = Origin.scripted(wire -> {
            wire.readRequest();
            boolean isFirst = application.requests().size() == 1;
            wire.send("HTTP/1.1 200 OK\r\n" + (isFirst ? first : second) + "Content-Length: 4\r\n\r\nmore");
        });
        server = TestServer.nginx(Ios.usual(), """
                upstream app { server %s; }
                server {
                    listen 127.0.0.1:0;
                    types { text/css css; }
                    default_type application/octet-stream;
                    error_page 404 /missing;
                    location = /missing { return 200 "nothing here"; }
                    location /app { proxy_pass http://app; proxy_hide_header X-Hidden; }
                    location /hidden { proxy_pass http://app; proxy_hide_header Set-Cookie; }
                    location /files/ { internal; alias store/; }
                    location /other/ { internal; alias other/; }
                    location /moved { internal; return 302 /elsewhere; }
                    location /peer/ { internal; proxy_pass http://app/; }
                    location /whole/ { internal; proxy_pass http://app; }
                    location @named { proxy_pass http://app; proxy_ignore_headers X-Accel-Redirect; }
                }
                """.formatted(application.address()), "store/u1/a.txt", "own", "store/u2/a.txt", "foreign",
                "other/a.txt", "other", "store/my file.txt", "spaced", "store/s.css", "css");
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        application.close();
    }

    /// The answer to a request whose first response redirects.
    private String redirected(String to, String... fields) throws IOException {
        first = "X-Accel-Redirect: " + to + "\r\n" + String.join("\r\n", fields) + (fields.length == 0 ? "" : "\r\n");
        return server.get("/app");
    }

    private static void assertAnswer(int status, String body, String answer) {
        assertTrue(answer.startsWith("HTTP/1.1 " + status + " ") && answer.endsWith("\r\n\r\n" + body), answer);
    }

    private static List<String> values(String name, String answer) {
        Pattern field = Pattern.compile("(?imd)^" + name + ": ([^\r]*)\r$");
        return field.matcher(answer).results().map((MatchResult line) -> line.group(1)).toList();
    }

    @ParameterizedTest
    @CsvSource({"/files/u1/a.txt, own", "/files/my file.txt, spaced", "/files/my%20file.txt, spaced", "/files/./u1//a.txt, own"})
    void fileIsSent(String to, String body) throws IOException {
        assertAnswer(200, body, redirected(to));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "/files/u1/../u2/a.txt", "/files/u1/%2e%2e/u2/a.txt", "/files/u1/..%2fu2/a.txt", "/files/../other/a.txt",
        "files/u1/a.txt", "http://a/files/u1/a.txt", "?a", ""})
    void unsafeUriIsNotFound(String to) throws IOException {
        assertAnswer(404, "nothing here", redirected(to));
        List<String> log = server.errorLog();
        assertTrue(log.stream().anyMatch(line -> line.contains("unsafe URI \"" + to + "\" in X-Accel-Redirect")), log::toString);
    }

    @Test
    void fieldsAboutTheContentGoWithTheFile() throws IOException {
        String answer = redirected("/files/s.css", "Content-Type: text/x-own", "Content-Disposition: attachment",
                "Set-Cookie: a=1", "Set-Cookie: b=2", "Cache-Control: private", "X-Other: x");
        assertAnswer(200, "css", answer);
        assertEquals(List.of("text/x-own"), values("Content-Type", answer));
        assertEquals(List.of("attachment"), values("Content-Disposition", answer));
        assertEquals(List.of("private"), values("Cache-Control", answer));
        assertEquals(List.of("a=1", "b=2"), values("Set-Cookie", answer));
        assertEquals(List.of(), values("X-Other", answer));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Type:", "X-No: type"})
    void fileHasItsOwnTypeIfTheApplicationHasNone(String field) throws IOException {
        assertEquals(List.of("text/css"), values("Content-Type", redirected("/files/s.css", field)));
    }

    @Test
    void errorGetsTheCookiesOnly() throws IOException {
        String answer = redirected("/files/none", "Content-Type: text/x-own", "Set-Cookie: a=1", "Cache-Control: public");
        assertAnswer(404, "nothing here", answer);
        assertEquals(List.of("application/octet-stream"), values("Content-Type", answer));
        assertEquals(List.of("a=1"), values("Set-Cookie", answer));
        assertEquals(List.of(), values("Cache-Control", answer));
    }

    @Test
    void redirectOfTheClientKeepsTheTypeOfItsPage() throws IOException {
        String answer = redirected("/moved", "Content-Type: text/x-own", "Set-Cookie: a=1");
        assertEquals(List.of("text/html"), values("Content-Type", answer));
        assertEquals(List.of("a=1"), values("Set-Cookie", answer));
    }

    @Test
    void secondPeerHasItsOwnTypeAndAddsItsCookies() throws IOException {
        second = "Content-Type: text/second\r\nSet-Cookie: c=3\r\nContent-Disposition: inline\r\n";
        String answer = redirected("/peer/x", "Content-Type: text/first", "Set-Cookie: a=1", "Content-Disposition: attachment");
        assertAnswer(200, "more", answer);
        assertEquals(List.of("text/second"), values("Content-Type", answer));
        assertEquals(List.of("a=1", "c=3"), values("Set-Cookie", answer));
        assertEquals(List.of("attachment"), values("Content-Disposition", answer));
    }

    @Test
    void secondPeerWithoutTypeGetsThatOfTheFirst() throws IOException {
        assertEquals(List.of("text/first"), values("Content-Type", redirected("/peer/x", "Content-Type: text/first")));
    }

    @Test
    void hiddenFieldIsNotCarried() throws IOException {
        first = "X-Accel-Redirect: /files/s.css\r\nSet-Cookie: a=1\r\n";
        assertEquals(List.of(), values("Set-Cookie", server.get("/hidden")));
    }

    @ParameterizedTest
    @CsvSource({
        "/whole/a b?x= y, GET /whole/a%20b?x=%20y HTTP/1.1",
        "/whole/http://store//a/./b, GET /whole/http://store//a/./b HTTP/1.1",
        "/peer/a%0d%0aX:%20y, GET /a%0D%0AX:%20y HTTP/1.1"})
    void secondPeerGetsAValidTarget(String to, String requestLine) throws IOException {
        assertAnswer(200, "more", redirected(to));
        assertEquals(requestLine, application.requests().getLast().lines().findFirst().orElseThrow());
    }

    @ParameterizedTest
    @CsvSource({"@named, POST /app HTTP/1.1", "/peer/x, GET /x HTTP/1.1"})
    void namedLocationKeepsTheMethodAndPathGetsGet(String to, String requestLine) throws IOException {
        first = "X-Accel-Redirect: " + to + "\r\n";
        assertAnswer(200, "more",
                server.ask("POST /app HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx"));
        assertEquals(requestLine, application.requests().getLast().lines().findFirst().orElseThrow());
    }
}
