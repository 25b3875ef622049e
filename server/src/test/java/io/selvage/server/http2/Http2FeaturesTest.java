package io.selvage.server.http2;

import io.selvage.server.http.Headers;
import io.selvage.server.net.Io;
import io.selvage.server.proxy.Origin;
import io.selvage.server.proxy.Signal;
import io.selvage.server.whole.TestServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// What a location does with requests, seen by a client of HTTP/2.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class Http2FeaturesTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    @Parameter
    private Io io;

    private TestServer http(String text, String... files) throws IOException {
        return TestServer.nginx(io, text, files);
    }

    private TestServer site(String text, String... files) throws IOException {
        return http("server { listen 127.0.0.1:0; http2 on; root .; " + text + " }", files);
    }

    private static String pass(Origin origin) {
        return "proxy_pass http://" + origin.address() + "; ";
    }

    private static FrameClient open(TestServer server) throws IOException {
        return FrameClient.open(server.address());
    }

    private static String field(Headers head, String name) {
        return head.first(name).orElse("");
    }

    @Test
    void limitConnCountsEachRequest() throws Exception {
        Signal asked = new Signal();
        Signal answer = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            asked.give();
            answer.await();
            wire.send(OK);
        }); TestServer server = http("limit_conn_zone $binary_remote_addr zone=c:1m; server { listen 127.0.0.1:0; http2 on;"
                + " location / { limit_conn c 1; " + pass(origin) + " } }");
             FrameClient client = open(server)) {
            int first = client.get("/");
            asked.await();
            assertEquals("503", client.await(client.get("/")).status());
            answer.give();
            assertEquals("ok", client.await(first).body());
        }
    }

    @Test
    void limitReqRefusesTheRequestsBeyondTheRate() throws IOException {
        try (TestServer server = http("limit_req_zone $binary_remote_addr zone=r:1m rate=1r/m; limit_req_status 429;"
                + " server { listen 127.0.0.1:0; http2 on; location / { limit_req zone=r; root .; } }", "f", "hello");
             FrameClient client = open(server)) {
            assertEquals("hello", client.await(client.get("/f")).body());
            assertEquals("429", client.await(client.get("/f")).status());
        }
    }

    @Test
    void authRequestAsksFirst() throws IOException {
        try (TestServer server = site("location / { auth_request /auth; } location = /auth { if ($http_key) { return 204; }"
                + " return 403; }", "f", "hello");
             FrameClient client = open(server)) {
            assertEquals("403", client.await(client.get("/f")).status());
            assertEquals("hello", client.await(client.get("/f", "key", "a")).body());
        }
    }

    @Test
    void aResetEndsASubrequest() throws Exception {
        Signal asked = new Signal();
        Signal gone = new Signal();
        try (Origin auth = Origin.scripted(wire -> {
            wire.readRequest();
            asked.give();
            wire.end();
            gone.give();
        }); TestServer server = site("location / { auth_request /auth; } location = /auth { " + pass(auth) + " }");
             FrameClient client = open(server)) {
            int stream = client.get("/");
            asked.await();
            client.reset(stream, ErrorCode.CANCEL);
            gone.await();
            client.endOutput();
            assertEquals(List.of("GET / HTTP/2.0|499"), server.accessLog());
        }
    }

    @Test
    void mirrorGetsTheRequestWithItsBody() throws Exception {
        Signal seen = new Signal();
        try (Origin mirror = Origin.scripted(wire -> {
            wire.readRequest();
            wire.send(OK);
            seen.give();
        }); Origin origin = Origin.answering(OK);
             TestServer server = site("location / { mirror /m; " + pass(origin) + " } location = /m { internal; "
                     + pass(mirror) + " }");
             FrameClient client = open(server)) {
            int stream = client.post("/", "content-length", "4");
            assertEquals("ok", client.data(stream, "body", true).await(stream).body());
            seen.await();
            assertTrue(mirror.requests().getFirst().endsWith("\r\n\r\nbody"), mirror.requests()::toString);
            assertTrue(origin.requests().getFirst().endsWith("\r\n\r\nbody"), origin.requests()::toString);
        }
    }

    @Test
    void ssiIncludesFilesAndPeers() throws IOException {
        try (Origin origin = Origin.answering(OK);
             TestServer server = site("ssi on; location /peer { " + pass(origin) + " }", "page.html",
                     "<<!--# include virtual='/part' -->|<!--# include virtual='/peer' -->|<!--# echo var='server_protocol' -->>",
                     "part", "file");
             FrameClient client = open(server)) {
            assertEquals("<file|ok|HTTP/2.0>", client.await(client.get("/page.html")).body());
        }
    }

    @Test
    void errorPagesAreSentForFilesAndForPeers() throws IOException {
        try (Origin origin = Origin.answering("HTTP/1.1 500 No\r\nContent-Length: 3\r\n\r\nbad");
             TestServer server = site("error_page 404 500 502 /e.html; location /peer { proxy_intercept_errors on; "
                     + pass(origin) + " } location /down { proxy_pass http://" + Origin.refusing() + "; }", "e.html", "sorry");
             FrameClient client = open(server)) {
            for (String asked : List.of("/none 404", "/peer 500", "/down 502")) {
                String[] pathAndStatus = asked.split(" ");
                FrameClient.Response response = client.await(client.get(pathAndStatus[0]));
                assertEquals(pathAndStatus[1], response.status());
                assertEquals("sorry", response.body());
            }
        }
    }

    @Test
    void anErrorPageMayComeFromAPeer() throws IOException {
        try (Origin origin = Origin.answering(OK);
             TestServer server = site("error_page 404 =200 /fallback; location = /fallback { " + pass(origin) + " }");
             FrameClient client = open(server)) {
            FrameClient.Response response = client.await(client.get("/none"));
            assertEquals("200", response.status());
            assertEquals("ok", response.body());
        }
    }

    @Test
    void earlyHintsComeBeforeTheResponseIsReady() throws Exception {
        Signal hinted = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            wire.send("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n");
            hinted.await();
            wire.send(OK);
        }); TestServer server = site("location / { " + pass(origin) + " }"); FrameClient client = open(server)) {
            int stream = client.get("/");
            client.awaitEvent(stream + " head 103");
            hinted.give();
            assertEquals("ok", client.await(stream).body());
        }
    }

    @Test
    void gzipCompresses() throws IOException {
        String text = "0123456789".repeat(1000);
        try (TestServer server = site("gzip on; gzip_types *;", "f.html", text); FrameClient client = open(server)) {
            FrameClient.Response response = client.await(client.get("/f.html", "accept-encoding", "gzip"));
            assertEquals("gzip", field(response.head(), "content-encoding"));
            assertFalse(response.head().contains("transfer-encoding"));
            byte[] body = response.body().getBytes(ISO_8859_1);
            assertEquals(text, new String(new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes(), ISO_8859_1));
            FrameClient.Response head =
                    client.await(client.send(true, FrameClient.request("HEAD", "/f.html", "accept-encoding", "gzip")));
            assertEquals("gzip", field(head.head(), "content-encoding"));
            assertEquals("", head.body());
        }
    }

    @Test
    void conditionsAndRangesAreObeyed() throws IOException {
        try (TestServer server = site("", "f", "hello"); FrameClient client = open(server)) {
            String tag = field(client.await(client.get("/f")).head(), "etag");
            FrameClient.Response same = client.await(client.get("/f", "if-none-match", tag));
            assertEquals("304", same.status());
            assertEquals("", same.body() + field(same.head(), "content-length"));
            assertEquals("412", client.await(client.get("/f", "if-match", "\"other\"")).status());
            FrameClient.Response part = client.await(client.get("/f", "range", "bytes=1-2"));
            assertEquals("206", part.status());
            assertEquals("el", part.body());
            assertEquals("bytes 1-2/5", field(part.head(), "content-range"));
            FrameClient.Response parts = client.await(client.get("/f", "range", "bytes=0-0,4-4"));
            assertTrue(field(parts.head(), "content-type").startsWith("multipart/byteranges"));
            assertEquals(parts.body().length(), Integer.parseInt(field(parts.head(), "content-length")));
            assertEquals("416", client.await(client.get("/f", "range", "bytes=9-")).status());
        }
    }

    @Test
    void headOfAPeerIsAnsweredWithItsLength() throws IOException {
        try (Origin origin = Origin.answering("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
             TestServer server = site("location / { " + pass(origin) + " }"); FrameClient client = open(server)) {
            FrameClient.Response response = client.await(client.send(true, FrameClient.request("HEAD", "/")));
            assertEquals("1000", field(response.head(), "content-length"));
            assertEquals("end", response.end());
        }
    }

    @Test
    void addTrailerAddsFieldsBehindTheBody() throws IOException {
        try (TestServer server = site("add_trailer X-A $host; add_trailer X-B $status;", "f", "hello");
             FrameClient client = open(server)) {
            FrameClient.Response response = client.await(client.get("/f"));
            assertEquals("hello", response.body());
            assertEquals("a 200", field(response.trailers(), "x-a") + " " + field(response.trailers(), "x-b"));
        }
    }

    @Test
    void return444ResetsTheStreamAlone() throws IOException {
        try (TestServer server = site("location / { return 200 ok; } location /no { return 444; }");
             FrameClient client = open(server)) {
            FrameClient.Response response = client.await(client.get("/no"));
            assertEquals("", response.status());
            assertEquals("INTERNAL_ERROR", response.end());
            assertEquals("ok", client.await(client.get("/")).body());
            client.endOutput();
            assertEquals(List.of("GET /no HTTP/2.0|444", "GET / HTTP/2.0|200"), server.accessLog());
        }
    }

    @Test
    void theAccessLogCountsFramesAndHeaderBlocks() throws IOException {
        String format = "log_format f '$server_protocol|$http2|$request|$status|$request_length|$bytes_sent|$body_bytes_sent';";
        try (Origin origin = Origin.answering(OK);
             TestServer server = http(format + " server { listen 127.0.0.1:0; http2 on; access_log access.log f; location / { "
                     + pass(origin) + " } location /n { return 204; } }");
             FrameClient client = open(server)) {
            String[] fields = FrameClient.request("POST", "/a?b", "content-length", "4");
            int block = Blocks.encode(new HpackEncoder(HpackDecoder.DEFAULT_TABLE_SIZE), fields).remaining();
            int stream = client.send(false, fields);
            assertEquals("ok", client.data(stream, "body", true).await(stream).body());
            client.endOutput();
            String[] line = server.accessLog().getFirst().split("\\|");
            assertEquals(List.of("HTTP/2.0", "h2c", "POST /a?b HTTP/2.0", "200", Integer.toString(block + 4)),
                    List.of(line).subList(0, 5));
            assertEquals("2", line[6]);
            assertTrue(Integer.parseInt(line[5]) > 2 * FrameReader.HEADER_SIZE + 2, line[5]);
        }
    }

    @Test
    void accelRedirectSendsAnInternalFile() throws IOException {
        try (Origin origin = Origin.answering("HTTP/1.1 200 OK\r\nX-Accel-Redirect: /in/f\r\nX-More: yes\r\n"
                + "Content-Length: 0\r\n\r\n");
             TestServer server = site("location / { " + pass(origin) + " } location /in { internal; }", "in/f", "secret");
             FrameClient client = open(server)) {
            assertEquals("404", client.await(client.get("/in/f")).status());
            FrameClient.Response response = client.await(client.get("/"));
            assertEquals("secret", response.body());
            assertEquals("6", field(response.head(), "content-length"));
            assertFalse(response.head().contains("x-accel-redirect"));
        }
    }

    @Test
    void aPeerThatClosesEarlyIsAnswered502() throws IOException {
        try (Origin origin = Origin.scripted(wire -> wire.readRequest());
             TestServer server = site("location / { " + pass(origin) + " } location /ok { return 200 ok; }");
             FrameClient client = open(server)) {
            assertEquals("502", client.await(client.get("/")).status());
            assertEquals("ok", client.await(client.get("/ok")).body());
        }
    }

    @Test
    void aBrokenBodyOfAPeerResetsTheStream() throws Exception {
        Signal seen = new Signal();
        try (Origin origin = Origin.scripted(wire -> {
            wire.readRequest();
            wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n");
            seen.await();
            wire.send("zz\r\n");
            wire.end();
        }); TestServer server = site("proxy_http_version 1.1; proxy_buffering off; location / { " + pass(origin)
                + " } location /ok { return 200 ok; }");
             FrameClient client = open(server)) {
            int stream = client.get("/");
            client.awaitEvent(stream + " data 5");
            seen.give();
            assertEquals("INTERNAL_ERROR", client.await(stream).end());
            assertEquals("200", client.response(stream).status());
            assertEquals("hello", client.response(stream).body());
            assertEquals("ok", client.await(client.get("/ok")).body());
        }
    }
}
