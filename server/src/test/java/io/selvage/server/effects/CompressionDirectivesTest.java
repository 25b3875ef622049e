package io.selvage.server.effects;

import io.selvage.server.compress.ContentCoding;
import io.selvage.server.compress.Decoding;
import io.selvage.server.whole.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static io.selvage.server.effects.Serving.body;
import static io.selvage.server.effects.Serving.field;
import static io.selvage.server.effects.Serving.get;
import static io.selvage.server.effects.Serving.site;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(60)
class CompressionDirectivesTest {
    private static final String TEXT = "some words that are repeated, some words that are repeated. ".repeat(20);

    /// The coding of a GET by a client that accepts one.
    private static String coding(TestServer server, String target, ContentCoding accepted, String fields) throws IOException {
        return field(get(server, target, "Accept-Encoding: " + accepted.token() + "\r\n" + fields), "Content-Encoding");
    }

    private static String coding(TestServer server, String target) throws IOException {
        return coding(server, target, ContentCoding.GZIP, "");
    }

    private static String decoded(TestServer server, String target, ContentCoding coding) throws IOException {
        String answer = get(server, target, "Accept-Encoding: " + coding.token() + "\r\n");
        assertEquals(coding.token(), field(answer, "Content-Encoding"));
        return Decoding.decoded(coding, body(answer));
    }

    private static int length(TestServer server, String target, ContentCoding coding) throws IOException {
        return Integer.parseInt(field(get(server, target, "Accept-Encoding: " + coding.token() + "\r\n"), "Content-Length"));
    }

    private static String gzip(String text) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(ISO_8859_1));
        }
        return bytes.toString(ISO_8859_1);
    }

    /// Words in an order that no coder foresees.
    private static String words(int count) {
        var random = new SplittableRandom(7);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append("word").append(random.nextInt(1000)).append(' ');
        }
        return text.toString();
    }

    @ParameterizedTest
    @EnumSource
    @Effect({"gzip", "brotli", "zstd"})
    void directiveCompressesResponses(ContentCoding coding) throws IOException {
        try (TestServer server = site("location /on/ { " + coding + " on; }", "a.html", TEXT, "on/a.html", TEXT)) {
            assertEquals("", coding(server, "/a.html", coding, ""));
            assertEquals(TEXT, decoded(server, "/on/a.html", coding));
            assertEquals(TEXT, body(server.get("/on/a.html")));
        }
    }

    @ParameterizedTest
    @EnumSource
    @Effect({"gzip_comp_level", "brotli_comp_level", "zstd_comp_level"})
    void levelMakesResponsesSmaller(ContentCoding coding) throws IOException {
        String text = words(5000);
        try (TestServer server = site("""
                %1$s on; %1$s_comp_level 1;
                location /high/ { %1$s_comp_level 9; }
                """.formatted(coding), "a.html", text, "high/a.html", text)) {
            int low = length(server, "/a.html", coding);
            int high = length(server, "/high/a.html", coding);
            assertTrue(high < low, () -> low + ", " + high);
            assertEquals(text, decoded(server, "/high/a.html", coding));
        }
    }

    @ParameterizedTest
    @EnumSource
    @Effect({"gzip_min_length", "brotli_min_length", "zstd_min_length"})
    void shorterResponsesAreNotCompressed(ContentCoding coding) throws IOException {
        try (TestServer server = site("""
                %1$s on;
                location /long/ { %1$s_min_length 100; }
                """.formatted(coding), "a.html", "x".repeat(20), "b.html", "x".repeat(19),
                "long/a.html", "x".repeat(99), "long/b.html", "x".repeat(100))) {
            assertEquals(coding.token(), coding(server, "/a.html", coding, ""));
            assertEquals("", coding(server, "/b.html", coding, ""));
            assertEquals("", coding(server, "/long/a.html", coding, ""));
            assertEquals(coding.token(), coding(server, "/long/b.html", coding, ""));
        }
    }

    @ParameterizedTest
    @EnumSource
    @Effect({"gzip_types", "brotli_types", "zstd_types"})
    void typesNameWhatIsCompressed(ContentCoding coding) throws IOException {
        try (TestServer server = site("""
                types { text/css css; text/html html; image/gif gif; } %1$s on;
                location /css/ { %1$s_types Text/CSS; }
                location /all/ { %1$s_types *; }
                """.formatted(coding), "a.css", TEXT, "css/a.css", TEXT, "css/a.html", TEXT, "css/a.gif", TEXT,
                "all/a.gif", TEXT)) {
            assertEquals("", coding(server, "/a.css", coding, ""));
            assertEquals(coding.token(), coding(server, "/css/a.css", coding, ""));
            assertEquals(coding.token(), coding(server, "/css/a.html", coding, ""));
            assertEquals("", coding(server, "/css/a.gif", coding, ""));
            assertEquals(coding.token(), coding(server, "/all/a.gif", coding, ""));
        }
    }

    @Test
    @Effect("brotli_window")
    void windowLimitsHowFarRepetitionsAreFound() throws IOException {
        String text = words(1000).repeat(2);
        try (TestServer server =
                site("brotli on; location /small/ { brotli_window 1k; }", "a.html", text, "small/a.html", text)) {
            int large = length(server, "/a.html", ContentCoding.BROTLI);
            int small = length(server, "/small/a.html", ContentCoding.BROTLI);
            assertTrue(large < small * 2 / 3, () -> large + ", " + small);
            assertEquals(text, decoded(server, "/small/a.html", ContentCoding.BROTLI));
        }
    }

    @Test
    @Effect("gzip_http_version")
    void lowerVersionsGetNothingCompressed() throws IOException {
        try (TestServer server = site("gzip on; location /low/ { gzip_http_version 1.0; }", "a.html", TEXT, "low/a.html", TEXT)) {
            assertEquals("", field(server.ask("GET /a.html HTTP/1.0\r\nAccept-Encoding: gzip\r\n\r\n"), "Content-Encoding"));
            assertEquals("gzip",
                    field(server.ask("GET /low/a.html HTTP/1.0\r\nAccept-Encoding: gzip\r\n\r\n"), "Content-Encoding"));
        }
    }

    @Test
    @Effect("gzip_disable")
    void someClientsGetNothingCompressed() throws IOException {
        try (TestServer server = site("gzip on; gzip_disable msie6 ^old; gzip_disable older;", "a.html", TEXT)) {
            assertEquals("gzip", coding(server, "/a.html", ContentCoding.GZIP, "User-Agent: bold\r\n"));
            assertEquals("", coding(server, "/a.html", ContentCoding.GZIP, "User-Agent: OLD\r\n"));
            assertEquals("", coding(server, "/a.html", ContentCoding.GZIP, "User-Agent: an older one\r\n"));
            assertEquals("", coding(server, "/a.html", ContentCoding.GZIP, "User-Agent: x (MSIE 6.0; Windows)\r\n"));
        }
    }

    @Test
    @Effect("gzip_proxied")
    void proxiesGetSomeResponsesCompressed() throws IOException {
        try (TestServer server = site("""
                gzip on; brotli on;
                location /any/ { gzip_proxied any; }
                location /auth/ { gzip_proxied no-cache auth; add_header Cache-Control public; }
                """, "a.html", TEXT, "any/a.html", TEXT, "auth/a.html", TEXT)) {
            String via = "Via: 1.1 proxy\r\n";
            assertEquals("", coding(server, "/a.html", ContentCoding.GZIP, via));
            assertEquals("", coding(server, "/a.html", ContentCoding.BROTLI, via));
            assertEquals("gzip", coding(server, "/any/a.html", ContentCoding.GZIP, via));
            assertEquals("br", coding(server, "/any/a.html", ContentCoding.BROTLI, via));
            assertEquals("", coding(server, "/auth/a.html", ContentCoding.GZIP, via));
            assertEquals("gzip", coding(server, "/auth/a.html", ContentCoding.GZIP, via + "Authorization: Basic eA==\r\n"));
        }
    }

    @Test
    @Effect("gzip_vary")
    void varyNamesTheFieldThatDecides() throws IOException {
        try (TestServer server = site("""
                gzip on;
                location /vary/ { gzip_vary on; }
                location /static/ { gzip off; gzip_vary on; gzip_static on; }
                """, "a.html", TEXT, "vary/a.html", TEXT, "vary/a.gif", TEXT, "static/a.html", TEXT,
                "static/a.html.gz", gzip(TEXT), "static/b.html", TEXT)) {
            assertEquals("", field(server.get("/a.html"), "Vary"));
            assertEquals("Accept-Encoding", field(server.get("/vary/a.html"), "Vary"));
            assertEquals("Accept-Encoding", field(get(server, "/vary/a.html", "Accept-Encoding: gzip\r\n"), "Vary"));
            assertEquals("", field(server.get("/vary/a.gif"), "Vary"));
            assertEquals("Accept-Encoding", field(server.get("/static/a.html"), "Vary"));
            assertEquals("Accept-Encoding", field(get(server, "/static/a.html", "Accept-Encoding: gzip\r\n"), "Vary"));
            assertEquals("", field(server.get("/static/b.html"), "Vary"));
        }
    }

    @ParameterizedTest
    @EnumSource
    @Effect({"gzip_static", "brotli_static", "zstd_static"})
    void fileBesideTheRequestedOneIsSent(ContentCoding coding) throws IOException {
        String suffix = coding.suffix();
        try (TestServer server = site("""
                location /on/ { %1$s_static on; }
                location /always/ { %1$s_static always; }
                location /list/ { %1$s_static on; index a.html; }
                """.formatted(coding), "a.html", "plain", "a.html" + suffix, "packed", "on/a.html", "plain",
                "on/a.html" + suffix, "packed", "on/b.html", "alone", "always/a.html" + suffix, "packed",
                "list/a.html", "plain", "list/a.html" + suffix, "packed")) {
            assertEquals("", coding(server, "/a.html", coding, ""));
            String answer = get(server, "/on/a.html", "Accept-Encoding: " + coding.token() + "\r\n");
            assertEquals(coding.token(), field(answer, "Content-Encoding"));
            assertEquals("text/html", field(answer, "Content-Type"));
            assertEquals("packed", body(answer));
            assertEquals("plain", body(server.get("/on/a.html")));
            assertEquals("alone", body(get(server, "/on/b.html", "Accept-Encoding: " + coding.token() + "\r\n")));
            assertEquals(coding.token(), field(server.get("/always/a.html"), "Content-Encoding"));
            assertEquals("packed", body(get(server, "/list/", "Accept-Encoding: " + coding.token() + "\r\n")));
            assertEquals("", field(get(server, "/on/a.html" + suffix, "Accept-Encoding: " + coding.token() + "\r\n"),
                    "Content-Encoding"));
        }
    }

    @Test
    @Effect("gunzip")
    void compressedResponseIsDecompressedForClientsWithoutGzip() throws IOException {
        try (TestServer server = site("gzip_static always; location /on/ { gunzip on; }",
                "a.html.gz", gzip(TEXT), "on/a.html.gz", gzip(TEXT))) {
            assertEquals("gzip", field(server.get("/a.html"), "Content-Encoding"));
            String answer = server.ask("GET /on/a.html HTTP/1.0\r\n\r\n");
            assertEquals("", field(answer, "Content-Encoding"));
            assertEquals(TEXT, body(answer));
            assertEquals(gzip(TEXT), body(get(server, "/on/a.html", "Accept-Encoding: gzip\r\n")));
        }
    }

    @ParameterizedTest
    @EnumSource
    void directiveIsSwitchedByACondition(ContentCoding coding) throws IOException {
        try (TestServer server = site("location / { if ($arg_on) { %1$s on; } }".formatted(coding), "a.html", TEXT)) {
            assertEquals("", coding(server, "/a.html", coding, ""));
            assertEquals(coding.token(), coding(server, "/a.html?on=1", coding, ""));
        }
    }

    @Test
    void ratioIsLogged() throws IOException {
        try (TestServer server = Serving.http("""
                log_format ratio '$gzip_ratio|$brotli_ratio|$zstd_ratio';
                server { listen 127.0.0.1:0; root .; gzip on; access_log ratio.log ratio; }
                """, "a.html", "x".repeat(1000))) {
            int length = length(server, "/a.html", ContentCoding.GZIP);
            server.get("/a.html");
            server.stop(Duration.ofSeconds(50));
            assertEquals(List.of(String.format(Locale.ROOT, "%.2f|-|-", 1000.0 / length), "-|-|-"), server.lines("ratio.log"));
        }
    }
}
