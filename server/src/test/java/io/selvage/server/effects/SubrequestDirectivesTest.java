package io.selvage.server.effects;

import io.selvage.server.net.Io;
import io.selvage.server.proxy.Origin;
import io.selvage.server.whole.RawClient;
import io.selvage.server.whole.TestServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static io.selvage.server.effects.Serving.body;
import static io.selvage.server.effects.Serving.field;
import static io.selvage.server.effects.Serving.get;
import static io.selvage.server.effects.Serving.http;
import static io.selvage.server.effects.Serving.site;
import static io.selvage.server.effects.Serving.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class SubrequestDirectivesTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String WHOLE = "0123456789abcdefghij";

    @Test
    @Effect({"add_before_body", "add_after_body"})
    void additionsStandAroundABody() throws IOException {
        try (TestServer server = site("""
                add_before_body /head.txt;
                add_after_body /foot.txt;
                location = /plain.html { add_before_body ""; add_after_body ""; }
                """, "head.txt", "<", "foot.txt", ">", "page.html", "text", "plain.html", "plain")) {
            String answer = server.get("/page.html");
            assertTrue(answer.endsWith("\r\n\r\n1\r\n<\r\n4\r\ntext\r\n1\r\n>\r\n0\r\n\r\n")
                    || answer.endsWith("\r\n\r\n6\r\n<text>\r\n0\r\n\r\n"), answer);
            assertTrue(field(answer, "ETag").startsWith("W/"), answer);
            assertEquals("", field(answer, "Accept-Ranges"));
            assertEquals("plain", body(server.get("/plain.html")));
        }
    }

    @ParameterizedTest
    @MethodSource("io.selvage.server.net.Ios#all")
    @Effect("add_after_body")
    void aBodyIsSentBeforeWhatStandsBehindItIsThere(Io io) throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            seen.await();
            wire.send(OK);
        }); TestServer server = TestServer.nginx(io, """
                server { listen 127.0.0.1:0; root .; add_after_body /foot; location = /foot { proxy_pass http://%s; } }
                """.formatted(origin.address()), "p.html", "page"); RawClient client = server.connect()) {
            client.send("GET /p.html HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            client.readUntil("page");
            seen.countDown();
            client.readUntil("ok");
        }
    }

    @Test
    @Effect("addition_types")
    void additionTypesChooseTheBodies() throws IOException {
        try (TestServer server = site("add_after_body /foot; addition_types text/css;", "foot", "!", "a.css", "css", "a.js", "js",
                "missing", "")) {
            assertTrue(server.get("/a.css").contains("css"));
            assertFalse(field(server.get("/a.css"), "Content-Length").equals("3"));
            assertEquals("js", body(server.get("/a.js")));
            assertFalse(server.get("/no.css").contains("!\r\n"), "an error page gets no addition");
        }
    }

    @ParameterizedTest
    @MethodSource("io.selvage.server.net.Ios#all")
    @Effect("mirror")
    void mirrorSendsCopiesWithoutHoldingTheClientUp(Io io) throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        try (Origin mirror = Origin.scripted(wire -> {
            wire.readRequest();
            answered.await();
            wire.send(OK);
        }); TestServer server = TestServer.nginx(io, """
                server {
                    listen 127.0.0.1:0;
                    location /file { mirror /copy; mirror /copy; root .; }
                    location = /copy { internal; proxy_pass http://%s/kept?$args&$request_uri; }
                }
                """.formatted(mirror.address()), "file", "content"); RawClient client = server.connect()) {
            client.send("GET /file?a=b HTTP/1.1\r\nHost: a\r\nX-Own: 1\r\n\r\n");
            assertEquals("content", body(client.readAnswer()));
            client.send("GET /file HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            answered.countDown();
            assertEquals("content", body(client.readToEnd()));
            assertEquals(4, mirror.requests().size());
            String copy = mirror.requests().getFirst();
            assertTrue(copy.startsWith("GET /kept?a=b&/file?a=b HTTP/1."), copy);
            assertTrue(copy.contains("\r\nX-Own: 1\r\n"), copy);
        }
    }

    /// The body passes memory and comes from a temporary file, of which each reader has its own copy.
    @ParameterizedTest
    @CsvSource({"on, 4, 4", "off, 4, 0", "on, 40000, 40000"})
    @Effect("mirror_request_body")
    void mirrorRequestBodySendsTheBodyToo(String directive, int sent, int copied) throws Exception {
        try (Origin origin = Origin.answering(OK); Origin mirror = Origin.answering(OK); TestServer server = http("""
                server {
                    listen 127.0.0.1:0;
                    mirror /copy;
                    mirror_request_body %s;
                    location / { proxy_pass http://%s; }
                    location = /copy { proxy_pass http://%s; }
                }
                """.formatted(directive, origin.address(), mirror.address()))) {
            String answer = server.ask("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: " + sent
                    + "\r\n\r\n" + "x".repeat(sent));
            assertEquals("ok", body(answer));
            assertEquals("x".repeat(sent), body(origin.requests().getFirst()));
            assertEquals("x".repeat(copied), body(mirror.requests().getFirst()));
            assertTrue(mirror.requests().getFirst().startsWith("POST /copy "));
        }
    }

    @Test
    @Effect("log_subrequest")
    void logSubrequestWritesALineForEach() throws IOException {
        try (TestServer server = http("""
                log_format path '$uri $status $body_bytes_sent $request_method';
                access_log paths.log path;
                server {
                    listen 127.0.0.1:0;
                    root .;
                    add_after_body /a.txt;
                    location = /a.txt { log_subrequest on; }
                }
                """, "a.html", "page", "b.html", "page", "a.txt", "foot")) {
            server.ask("GET /a.html HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            server.stop(Duration.ofSeconds(50));
            assertEquals(List.of("/a.txt 200 4 GET", "/a.html 200 8 GET"), server.lines("paths.log"));
        }
    }

    /// A peer with a resource of 20 bytes, whose tag changes when it is asked for a part from 12 on, if that is wanted.
    private static Origin parts(boolean changing) throws IOException {
        return Origin.scripted(wire -> {
            while (true) {
                Matcher range = Pattern.compile("Range: bytes=(\\d+)-(\\d+)").matcher(wire.readRequest());
                if (!range.find()) {
                    wire.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nplain");
                    continue;
                }
                int from = Integer.parseInt(range.group(1));
                if (from >= WHOLE.length()) {
                    wire.send("HTTP/1.1 416 No\r\nContent-Length: 0\r\nContent-Range: bytes */20\r\n\r\n");
                    continue;
                }
                int to = Math.min(Integer.parseInt(range.group(2)) + 1, WHOLE.length());
                wire.send("HTTP/1.1 206 Partial Content\r\nContent-Length: " + (to - from) + "\r\nETag: \""
                        + (changing && from >= 12 ? "new" : "old") + "\"\r\nContent-Range: bytes " + from + "-" + (to - 1) + "/"
                        + WHOLE.length() + "\r\n\r\n" + WHOLE.substring(from, to));
            }
        });
    }

    private static TestServer sliced(Origin origin) throws IOException {
        return site("""
                location / { slice 6; proxy_pass http://%1$s; proxy_set_header Range $slice_range; }
                location /plain { slice 6; proxy_pass http://%1$s; proxy_set_header Range ""; }
                """.formatted(origin.address()));
    }

    @Test
    @Effect("slice")
    void sliceFetchesAResponseInParts() throws IOException {
        try (Origin origin = parts(false); TestServer server = sliced(origin)) {
            String answer = server.get("/a");
            assertEquals(200, status(answer));
            assertEquals("20", field(answer, "Content-Length"));
            assertEquals("", field(answer, "Content-Range"));
            assertEquals("bytes", field(answer, "Accept-Ranges"));
            assertEquals(WHOLE, body(answer));
            assertEquals(4, origin.requests().size());
            assertEquals("plain", body(server.get("/plain")));
        }
    }

    @ParameterizedTest
    @CsvSource({"bytes=7-8, 206, bytes 7-8/20, 78, 1", "bytes=4-13, 206, bytes 4-13/20, 456789abcd, 3",
        "bytes=-3, 206, bytes 17-19/20, hij, 3", "bytes=30-, 416, bytes */20, '', 1",
                "'bytes=1-2,4-5', 200, '', 0123456789abcdefghij, 4"})
    @Effect("slice")
    void sliceFetchesOnlyThePartsOfARange(String range, int status, String contentRange, String content, int requests)
            throws IOException {
        try (Origin origin = parts(false); TestServer server = sliced(origin)) {
            String answer = get(server, "/a", "Range: " + range + "\r\n");
            assertEquals(status, status(answer));
            assertEquals(contentRange, field(answer, "Content-Range"));
            if (!content.isEmpty()) {
                assertEquals(content, body(answer));
            }
            assertTrue(origin.requests().size() <= requests, () -> origin.requests().toString());
        }
    }

    @Test
    @Effect("slice")
    void requestForALaterSliceHasTheValuesOfItsLocation() throws IOException {
        try (Origin origin = parts(false); TestServer server = http("""
                map $slice_range $later { volatile; bytes=0-5 ""; default $invalid_referer; }
                server {
                    listen 127.0.0.1:0;
                    location / {
                        slice 6;
                        valid_referers none example.org;
                        proxy_pass http://%1$s;
                        proxy_set_header Range $slice_range;
                        proxy_set_header X-Invalid $later;
                    }
                }
                """.formatted(origin.address()))) {
            assertEquals(WHOLE, body(get(server, "/a", "Referer: http://elsewhere.example/\r\n")));
            assertEquals(3, origin.requests().stream().filter(request -> request.contains("X-Invalid: 1\r\n")).count());
        }
    }

    @Test
    @Effect("slice")
    void sliceEndsAResponseWhoseResourceChanges() throws IOException {
        try (Origin origin = parts(true); TestServer server = sliced(origin)) {
            assertEquals(WHOLE.substring(0, 12), body(server.get("/a")));
            assertTrue(server.errorLog().stream().anyMatch(line -> line.contains("etag mismatch in slice response")));
        }
    }
}
