package io.selvage.server.effects;

import io.selvage.server.whole.TestServer;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.selvage.server.effects.Serving.body;
import static io.selvage.server.effects.Serving.field;
import static io.selvage.server.effects.Serving.http;
import static io.selvage.server.effects.Serving.site;
import static io.selvage.server.effects.Serving.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The character set of responses.
@Timeout(60)
class CharsetDirectivesTest {
    private static final String TYPES = "types { text/html html; text/css css; text/plain txt; } ";
    private static final String MAP =
            "charset_map koi8-r utf-8 { C1 D0B0; C2 D0B1; } charset_map koi8-r windows-1251 { C1 E0; } ";

    @Test
    @Effect("charset")
    void charsetIsNamedInTheType() throws IOException {
        String locations = "charset utf-8; location /off/ { charset off; } location /var/ { charset $arg_c; } ";
        try (TestServer server = site(TYPES + locations, "a.html", "a", "off/a.html", "a", "var/a.html", "a", "a.css", "a")) {
            assertEquals("text/html; charset=utf-8", field(server.get("/a.html"), "Content-Type"));
            assertEquals("text/css", field(server.get("/a.css"), "Content-Type"));
            assertEquals("text/html", field(server.get("/off/a.html"), "Content-Type"));
            assertEquals("text/html; charset=koi8-r", field(server.get("/var/a.html?c=koi8-r"), "Content-Type"));
            assertEquals("text/html", field(server.get("/var/a.html"), "Content-Type"));
            assertEquals("text/html; charset=utf-8", field(server.get("/none"), "Content-Type"));
        }
    }

    @Test
    void redirectAndNotModifiedHaveNoCharset() throws IOException {
        try (TestServer server = site(TYPES + "charset utf-8; location /r { return 301 /; }", "a.html", "a")) {
            assertEquals("text/html", field(server.get("/r"), "Content-Type"));
            String tag = field(server.get("/a.html"), "ETag");
            String answer = Serving.get(server, "/a.html", "If-None-Match: " + tag + "\r\n");
            assertEquals(304, status(answer));
            assertEquals("", field(answer, "Content-Type"));
        }
    }

    @Test
    @Effect("charset_types")
    void charsetTypesAreThoseThatGetOne() throws IOException {
        String locations = "charset utf-8; charset_types text/css; location /all/ { charset_types *; }";
        try (TestServer server = site(TYPES + locations, "a.html", "", "a.css", "", "a.txt", "", "all/a.txt", "")) {
            assertEquals("text/html; charset=utf-8", field(server.get("/a.html"), "Content-Type"));
            assertEquals("text/css; charset=utf-8", field(server.get("/a.css"), "Content-Type"));
            assertEquals("text/plain", field(server.get("/a.txt"), "Content-Type"));
            assertEquals("text/plain; charset=utf-8", field(server.get("/all/a.txt"), "Content-Type"));
        }
    }

    @Test
    @Effect({"source_charset", "charset_map"})
    void bodyIsConvertedFromItsSource() throws IOException {
        String locations = """
            charset utf-8; source_charset koi8-r;
            location /w/ { charset windows-1251; }
            location /u/ { charset koi8-r; source_charset utf-8; }
            """;
        try (TestServer server = http(MAP + "server { listen 127.0.0.1:0; root .; " + TYPES + locations + "}",
                "a.html", "a\u00c1\u00c2", "w/a.html", "\u00c1", "u/a.html", "\u00d0\u00b1")) {
            String utf8 = server.get("/a.html");
            assertEquals("text/html; charset=utf-8", field(utf8, "Content-Type"));
            assertEquals("chunked", field(utf8, "Transfer-Encoding"));
            assertEquals("", field(utf8, "Accept-Ranges"));
            assertTrue(body(utf8).startsWith("5\r\na\u00d0\u00b0\u00d0\u00b1\r\n"), utf8);
            String windows = server.get("/w/a.html");
            assertEquals("1", field(windows, "Content-Length"));
            assertEquals("\u00e0", body(windows));
            String range = Serving.get(server, "/w/a.html", "Range: bytes=0-0\r\n");
            assertEquals("206 \u00e0", status(range) + " " + body(range));
            assertTrue(body(server.get("/u/a.html")).contains("\r\n\u00c2\r\n"));
        }
    }

    @Test
    @Effect("override_charset")
    void overrideCharsetConvertsWhatAPeerNamed() throws IOException {
        String peer = "server { listen 127.0.0.2:0; default_type 'text/html; charset=koi8-r'; return 200 '\u00c1'; }";
        try (TestServer origin = http(peer.replace("127.0.0.2", "127.0.0.1").replace("\u00c1", "$arg_a"))) {
            String pass = "proxy_pass http://127.0.0.1:" + origin.address().getPort() + "/; charset utf-8; ";
            try (TestServer server =
                    http(MAP + "server { listen 127.0.0.1:0; location /keep/ { " + pass + "} location / { " + pass
                    + "override_charset on; } }")) {
                assertEquals("text/html; charset=koi8-r", field(server.get("/keep/"), "Content-Type"));
                String answer = Serving.get(server, "/?a=\u00c1", "");
                assertEquals("text/html; charset=utf-8", field(answer, "Content-Type"));
                assertTrue(body(answer).contains("\u00d0\u00b0"), answer);
            }
        }
    }

    @Test
    void peerMayNameTheCharset() throws IOException {
        try (TestServer origin = http("server { listen 127.0.0.1:0; default_type text/html; add_header X-Accel-Charset koi8-r; "
                + "return 200 a; }")) {
            String pass = "proxy_pass http://127.0.0.1:" + origin.address().getPort() + "/; ";
            try (TestServer server = site("location / { " + pass + "} location /i/ { " + pass
                    + "proxy_ignore_headers X-Accel-Charset; }")) {
                assertEquals("text/html; charset=koi8-r", field(server.get("/"), "Content-Type"));
                assertEquals("text/html", field(server.get("/i/"), "Content-Type"));
            }
        }
    }
}
