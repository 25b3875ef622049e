package io.selvage.server.effects;

import io.selvage.server.whole.TestServer;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.selvage.server.effects.Serving.body;
import static io.selvage.server.effects.Serving.field;
import static io.selvage.server.effects.Serving.get;
import static io.selvage.server.effects.Serving.site;
import static io.selvage.server.effects.Serving.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Strings that are replaced in bodies.
@Timeout(60)
class SubFilterDirectivesTest {
    private static final String TYPES = "types { text/html html; text/css css; } ";

    /// The body of an answer to HTTP/1.0, which has no chunks.
    private static String bodyOf(TestServer server, String target) throws IOException {
        return body(server.ask("GET " + target + " HTTP/1.0\r\nHost: a\r\n\r\n"));
    }

    @Test
    @Effect("sub_filter")
    void subFilterReplacesStrings() throws IOException {
        String locations = "sub_filter foo 'bar $uri'; sub_filter baz 2; location /v/ { sub_filter $arg_s -; }";
        try (TestServer server = site(TYPES + locations, "a.html", "Foo foo BAZ", "a.css", "foo", "v/a.html", "xyz")) {
            assertEquals("bar /a.html foo 2", bodyOf(server, "/a.html"));
            assertEquals("foo", bodyOf(server, "/a.css"));
            assertEquals("x-z", bodyOf(server, "/v/a.html?s=Y"));
            assertEquals("xyz", bodyOf(server, "/v/a.html"));
        }
    }

    @Test
    void changedBodyHasNoLengthAndNoRanges() throws IOException {
        try (TestServer server = site(TYPES + "sub_filter foo bar;", "a.html", "foo")) {
            String answer = get(server, "/a.html", "Range: bytes=0-0\r\n");
            assertEquals(200, status(answer));
            assertEquals("chunked", field(answer, "Transfer-Encoding"));
            assertEquals("", field(answer, "Content-Length") + field(answer, "Accept-Ranges"));
        }
    }

    @Test
    @Effect("sub_filter_once")
    void subFilterOnceOffReplacesEverywhere() throws IOException {
        try (TestServer server = site(TYPES + "sub_filter foo b; location /all/ { sub_filter_once off; }",
                "a.html", "foofoo", "all/a.html", "foofoo")) {
            assertEquals("bfoo", bodyOf(server, "/a.html"));
            assertEquals("bb", bodyOf(server, "/all/a.html"));
        }
    }

    @Test
    @Effect("sub_filter_types")
    void subFilterTypesAreThoseThatAreChanged() throws IOException {
        try (TestServer server = site(TYPES + "sub_filter foo b; sub_filter_types text/css; default_type text/x;",
                "a.html", "foo", "a.css", "foo", "a", "foo")) {
            assertEquals("b", bodyOf(server, "/a.html"));
            assertEquals("b", bodyOf(server, "/a.css"));
            assertEquals("foo", bodyOf(server, "/a"));
        }
    }

    @Test
    @Effect("sub_filter_last_modified")
    void subFilterLastModifiedKeepsTheTimeAndAWeakTag() throws IOException {
        try (TestServer server = site(TYPES + "sub_filter foo b; location /lm/ { sub_filter_last_modified on; }",
                "a.html", "foo", "lm/a.html", "foo")) {
            String without = server.get("/a.html");
            assertEquals("", field(without, "Last-Modified") + field(without, "ETag"));
            String with = server.get("/lm/a.html");
            assertTrue(field(with, "Last-Modified").endsWith("GMT"));
            assertTrue(field(with, "ETag").startsWith("W/\""));
        }
    }

    @Test
    void everyTypeIncludesNone() throws IOException {
        try (TestServer server = site("types { } default_type ''; sub_filter foo b; location /all/ { sub_filter_types *; }",
                "a", "foo", "all/a", "foo")) {
            assertEquals("foo", bodyOf(server, "/a"));
            assertEquals("b", bodyOf(server, "/all/a"));
        }
    }

    @Test
    void longFileIsReplacedInPieces() throws IOException {
        String text = "0123456789".repeat(30_000);
        try (TestServer server = site(TYPES + "sub_filter 9012 -; sub_filter_once off; sendfile on;", "a.html", text)) {
            assertEquals(text.replace("9012", "-"), bodyOf(server, "/a.html"));
        }
    }
}
