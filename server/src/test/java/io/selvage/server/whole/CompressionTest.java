package io.selvage.server.whole;

import io.selvage.server.compress.ContentCoding;
import io.selvage.server.compress.Decoding;
import io.selvage.server.net.Io;
import io.selvage.server.net.Ios;
import io.selvage.server.proxy.Origin;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Compressed responses of a whole server, from files and from peers.
@Timeout(60)
class CompressionTest {
    private static final String TEXT = "some words that are repeated, some words that are repeated. ".repeat(20);
    private static final String LONG = TEXT.repeat(2000);

    static Stream<Named<Io>> ios() {
        return Ios.all();
    }

    private static String request(String method, String target, String... fields) {
        return method + " " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + String.join("\r\n", fields)
                + (fields.length > 0 ? "\r\n" : "") + "\r\n";
    }

    private static String body(String answer) {
        String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
        return answer.contains("Transfer-Encoding: chunked\r\n") ? unchunked(body) : body;
    }

    private static String unchunked(String chunks) {
        StringBuilder text = new StringBuilder();
        int at = 0;
        while (true) {
            int line = chunks.indexOf("\r\n", at);
            int size = Integer.parseInt(chunks.substring(at, line), 16);
            if (size == 0) {
                return text.toString();
            }
            text.append(chunks, line + 2, line + 2 + size);
            at = line + 2 + size + 2;
        }
    }

    private static String head(String answer) {
        return answer.substring(0, answer.indexOf("\r\n\r\n") + 2);
    }

    private static String gunzip(String bytes) throws IOException {
        return Decoding.decoded(ContentCoding.GZIP, bytes);
    }

    private static TestServer site(Io io, String text, String... files) throws IOException {
        return TestServer.nginx(io, "server { listen 127.0.0.1:0; root .; " + text + " }", files);
    }

    @ParameterizedTest
    @MethodSource("ios")
    void longFilesAreCompressedAsTheyAreSent(Io io) throws IOException {
        try (TestServer server = site(io, "gzip on; sendfile on;", "a.html", LONG)) {
            String answer = server.ask(request("GET", "/a.html", "Accept-Encoding: gzip"));
            assertTrue(head(answer).contains("Transfer-Encoding: chunked\r\n"), answer.substring(0, 300));
            assertEquals(LONG, gunzip(body(answer)));
        }
    }

    @ParameterizedTest
    @MethodSource("ios")
    void headHasTheFieldsOfGetWithoutABody(Io io) throws IOException {
        try (TestServer server = site(io, "gzip on; gzip_vary on;", "a.html", TEXT, "long.html", LONG)) {
            for (String target : List.of("/a.html", "/long.html")) {
                String get = head(server.ask(request("GET", target, "Accept-Encoding: gzip")));
                String head = server.ask(request("HEAD", target, "Accept-Encoding: gzip"));
                assertTrue(head.endsWith("\r\n\r\n") && head(head).length() + 2 == head.length(), head);
                assertEquals(comparable(get), comparable(head(head)));
                assertTrue(head.contains("Content-Encoding: gzip\r\n") && !head.contains("Accept-Ranges"), head);
            }
        }
    }

    /// Without what changes every second, and the framing, which is for a body.
    private static String comparable(String head) {
        return head.replaceAll("Date: .*\r\n", "").replace("Transfer-Encoding: chunked\r\n", "");
    }

    @ParameterizedTest
    @MethodSource("ios")
    void conditionsAndRangesOfACompressedFile(Io io) throws IOException {
        try (TestServer server = site(io, "gzip on;", "a.html", TEXT)) {
            String whole = server.ask(request("GET", "/a.html", "Accept-Encoding: gzip"));
            Matcher tag = Pattern.compile("ETag: (W/\"[^\"]+\")\r\n").matcher(whole);
            assertTrue(tag.find(), whole);
            String unchanged = server.ask(request("GET", "/a.html", "Accept-Encoding: gzip", "If-None-Match: " + tag.group(1)));
            assertTrue(unchanged.startsWith("HTTP/1.1 304 ") && !unchanged.contains("Content-Encoding"), unchanged);
            String ranged = server.ask(request("GET", "/a.html", "Accept-Encoding: gzip", "Range: bytes=0-9"));
            assertTrue(ranged.startsWith("HTTP/1.1 200 "), ranged);
            assertEquals(TEXT, gunzip(body(ranged)));
            String plain = server.ask(request("GET", "/a.html", "Range: bytes=0-9"));
            assertTrue(plain.startsWith("HTTP/1.1 206 ") && body(plain).equals(TEXT.substring(0, 10)), plain);
        }
    }

    @ParameterizedTest
    @MethodSource("ios")
    void changedFileIsCompressedAgain(Io io) throws Exception {
        try (TestServer server = site(io, "gzip on; open_file_cache max=9; open_file_cache_valid 10ms;", "a.html", TEXT)) {
            assertEquals(TEXT, gunzip(body(server.ask(request("GET", "/a.html", "Accept-Encoding: gzip")))));
            String changed = TEXT + "more";
            Files.writeString(server.folder().resolve("a.html"), changed, ISO_8859_1);
            String seen = TEXT;
            while (seen.equals(TEXT)) {                        // until the cache looks at the file again
                seen = gunzip(body(server.ask(request("GET", "/a.html", "Accept-Encoding: gzip"))));
            }
            assertEquals(changed, seen);
        }
    }

    @ParameterizedTest
    @MethodSource("ios")
    void includedContentIsCompressedWithTheWhole(Io io) throws IOException {
        try (TestServer server = site(io, "gzip on; gzip_static on; ssi on;",
                "a.html", "<!--#include virtual=\"/b.html\" --> and more", "b.html", TEXT, "b.html.gz", "never")) {
            String answer = server.ask(request("GET", "/a.html", "Accept-Encoding: gzip"));
            assertEquals(TEXT + " and more", gunzip(body(answer)));
        }
    }

    @ParameterizedTest
    @MethodSource("ios")
    void concurrentClientsGetTheSameBytes(Io io) throws Exception {
        String text = LONG.substring(0, 1_000_000);
        try (TestServer server = site(io, "brotli on; brotli_comp_level 9;", "a.html", text);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> answers = IntStream.range(0, 20).mapToObj(_ -> threads.submit(() ->
                    body(server.ask(request("GET", "/a.html", "Accept-Encoding: br"))))).toList();
            for (Future<String> answer : answers) {
                assertEquals(answers.getFirst().get(), answer.get());
            }
            assertEquals(text, Decoding.decoded(ContentCoding.BROTLI, answers.getFirst().get()));
        }
    }

    @ParameterizedTest
    @MethodSource("ios")
    void streamOfAPeerReachesTheClientAsItComes(Io io) throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        try (Origin peer = Origin.scripted(wire -> {
            wire.readRequest();
            wire.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: first\n\n");
            seen.await();
            wire.send("data: second\n\n");
        }); TestServer server = TestServer.inFrontOf(io, peer, "gzip on; gzip_types text/event-stream;");
                RawClient client = server.connect()) {
            client.send(request("GET", "/", "Accept-Encoding: gzip"));
            assertTrue(client.readHead().contains("Content-Encoding: gzip\r\n"));
            String chunk = client.read(Integer.parseInt(client.readUntil("\r\n").strip(), 16));
            assertEquals("data: first\n\n", inflated(chunk));
            seen.countDown();
            client.readUntil("0\r\n\r\n");
        }
    }

    /// The content of the beginning of a gzip stream.
    private static String inflated(String bytes) throws Exception {
        try (Inflater inflater = new Inflater(true)) {
            inflater.setInput(bytes.substring(10).getBytes(ISO_8859_1));
            byte[] text = new byte[1000];
            return new String(text, 0, inflater.inflate(text), ISO_8859_1);
        }
    }

    @ParameterizedTest
    @MethodSource("ios")
    void responseOfAPeerLosesItsLength(Io io) throws IOException {
        String answer = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nETag: \"v\"\r\nAccept-Ranges: bytes\r\nContent-Length: "
                + LONG.length() + "\r\n\r\n" + LONG;
        try (Origin peer = Origin.answering(answer); TestServer server = TestServer.inFrontOf(io, peer, "gzip on;")) {
            String compressed = server.ask(request("GET", "/", "Accept-Encoding: gzip"));
            assertFalse(head(compressed).contains("Content-Length") || head(compressed).contains("Accept-Ranges"), compressed);
            assertTrue(head(compressed).contains("ETag: W/\"v\"\r\n"), compressed);
            assertEquals(LONG, gunzip(body(compressed)));
            assertEquals(LONG, body(server.ask(request("GET", "/"))));
        }
    }

    @ParameterizedTest
    @MethodSource("ios")
    void compressedResponseOfAPeerIsNotCompressedAgain(Io io) throws IOException {
        String packed = gzipped(TEXT);
        String answer = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nContent-Length: "
                + packed.length() + "\r\n\r\n" + packed;
        try (Origin peer = Origin.answering(answer);
                TestServer server = TestServer.inFrontOf(io, peer, "gzip on; brotli on; gunzip on;")) {
            assertEquals(TEXT, gunzip(body(server.ask(request("GET", "/", "Accept-Encoding: gzip, br")))));
            String brotli = server.ask(request("GET", "/", "Accept-Encoding: br"));
            assertTrue(head(brotli).contains("Content-Encoding: br\r\n"), brotli);
            assertEquals(TEXT, Decoding.decoded(ContentCoding.BROTLI, body(brotli)));
            assertEquals(TEXT, body(server.ask(request("GET", "/"))));
        }
    }

    private static String gzipped(String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(ISO_8859_1));
        }
        return bytes.toString(ISO_8859_1);
    }

    @ParameterizedTest
    @MethodSource("ios")
    void bodyThatIsNoGzipEndsTheResponseEarly(Io io) throws IOException {
        String packed = gzipped(LONG);
        String answer = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n\r\n"
                + packed.substring(0, packed.length() - 20);
        try (Origin peer = Origin.answeringOnce(answer); TestServer server = TestServer.inFrontOf(io, peer, "gunzip on;")) {
            String broken = server.ask(request("GET", "/"));
            assertTrue(broken.startsWith("HTTP/1.1 200 ") && !broken.endsWith("0\r\n\r\n"), broken.substring(0, 200));
            assertTrue(server.errorLog().toString().contains("cannot be decompressed"));
        }
    }
}
