package io.selvage.server.effects;

import io.selvage.server.whole.TestServer;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.selvage.server.effects.Serving.body;
import static io.selvage.server.effects.Serving.field;
import static io.selvage.server.effects.Serving.site;
import static io.selvage.server.effects.Serving.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Answers that the server generates, and additions to answers.
@Timeout(60)
class AnswerDirectivesTest {

    @Test
    @Effect("return")
    void returnAnswersAtOnce() throws IOException {
        try (TestServer server = site("location /b { return 201 made; }", "b", "file")) {
            String answer = server.get("/b");
            assertEquals(201, status(answer));
            assertEquals("made", body(answer));
        }
    }

    @Test
    @Effect("error_page")
    void errorPageTakesThePlaceOfAnError() throws IOException {
        try (TestServer server = site("location /b/ { error_page 404 =410 /gone; }", "gone", "page")) {
            assertEquals(404, status(server.get("/a/none")));
            String answer = server.get("/b/none");
            assertEquals(410, status(answer));
            assertEquals("page", body(answer));
        }
    }

    @Test
    void statusIsKnownInTheTextThatIsSentWithIt() throws IOException {
        try (TestServer server = site("""
                error_page 403 = /page;
                location /page { return 202 "for $status"; }
                location /a { return 201 "made, $status"; }
                location /b { return 302 /to/$status; }
                location /c { return 403; }
                """)) {
            assertEquals("made, 201", body(server.get("/a")));
            assertTrue(field(server.get("/b"), "Location").endsWith("/to/302"));
            assertEquals("for 202", body(server.get("/c")));
        }
    }

    @Test
    void statusOfAnErrorPageIsKnownWhileItIsMade() throws IOException {
        try (TestServer server = site("""
                error_page 404 497 /page;
                location /page { return 200 "for $status"; }
                location /a { return 404; }
                location /b { return 497; }
                """)) {
            assertEquals("for 404", body(server.get("/a")));
            String answer = server.get("/b");
            assertEquals("400 for 400", status(answer) + " " + body(answer));
        }
    }

    @Test
    @Effect("recursive_error_pages")
    void recursiveErrorPagesGiveAnErrorPageAnErrorPage() throws IOException {
        String pages = """
                error_page 404 = /first; error_page 403 =200 /last;
                location /first { return 403; }
                location /last { return 200 last; }
                location /a { return 404; }
                """;
        try (TestServer without = site(pages); TestServer with = site("recursive_error_pages on;" + pages)) {
            assertEquals(403, status(without.get("/a")));
            String answer = with.get("/a");
            assertEquals("200 last", status(answer) + " " + body(answer));
        }
    }

    @Test
    void errorPagesWithoutEndAreAnError() throws IOException {
        try (TestServer server = site("""
                recursive_error_pages on; error_page 404 /a; error_page 500 /a; location /a { return 404; }
                """)) {
            assertEquals(500, status(server.get("/a")));
        }
    }

    @Test
    void redirectToAnErrorPageElsewhereHasNoErrorPage() throws IOException {
        try (TestServer server = site("""
                recursive_error_pages on; error_page 404 302 https://b.test/; location /a { return 404; }
                """)) {
            String answer = server.get("/a");
            assertEquals("302 https://b.test/", status(answer) + " " + field(answer, "Location"));
        }
    }

    @Test
    @Effect("internal")
    void internalHidesALocation() throws IOException {
        String files = "location = /a { error_page 404 /page; return 404; } location /page { %s }";
        try (TestServer without = site(files.formatted(""), "page", "p");
             TestServer with = site(files.formatted("internal;"), "page", "p")) {
            assertEquals("p", body(without.get("/page")));
            assertEquals(404, status(with.get("/page")));
            assertEquals("p", body(with.get("/a")));
        }
    }

    @Test
    @Effect("server_tokens")
    void serverTokensNamesTheVersion() throws IOException {
        try (TestServer server = site("return 404; server_tokens on;"); TestServer off = site("return 404; server_tokens off;")) {
            assertTrue(field(server.get("/"), "Server").matches("\\w+/[\\w.-]+"));
            assertTrue(body(server.get("/")).contains("<center>" + field(server.get("/"), "Server") + "</center>"));
            assertTrue(field(off.get("/"), "Server").matches("\\w+"));
        }
    }

    @Test
    @Effect("absolute_redirect")
    void absoluteRedirectPutsTheHostInFront() throws IOException {
        try (TestServer server = site("location /b { absolute_redirect off; }", "a/f", "", "b/f", "")) {
            assertEquals("http://a:" + server.address().getPort() + "/a/", field(server.get("/a"), "Location"));
            assertEquals("/b/", field(server.get("/b"), "Location"));
        }
    }

    @Test
    @Effect("port_in_redirect")
    void portInRedirectNamesThePort() throws IOException {
        try (TestServer server = site("location /b { port_in_redirect off; }", "b/f", "")) {
            assertEquals("http://a/b/", field(server.get("/b"), "Location"));
        }
    }

    @Test
    @Effect("server_name_in_redirect")
    void serverNameInRedirectNamesTheServer() throws IOException {
        try (TestServer server = site("server_name shop.test; location /b { server_name_in_redirect on; }", "b/f", "")) {
            assertEquals("http://shop.test:" + server.address().getPort() + "/b/", field(server.get("/b"), "Location"));
        }
    }

    @Test
    @Effect("add_header")
    void addHeaderAddsAFieldToGoodAnswersOrAll() throws IOException {
        try (TestServer server = site("add_header X-A 1; add_header X-B 2 always; ", "a", "")) {
            String good = server.get("/a");
            assertEquals("1 2", field(good, "X-A") + " " + field(good, "X-B"));
            String bad = server.get("/none");
            assertEquals(" 2", field(bad, "X-A") + " " + field(bad, "X-B"));
        }
    }

    @Test
    void serverTokensMayBeAnyText() throws IOException {
        try (TestServer server = site("return 404; server_tokens 'shop $host';"); TestServer none = site("server_tokens '';")) {
            assertEquals("shop a", field(server.get("/"), "Server"));
            assertTrue(body(server.get("/")).contains("<center>shop a</center>"));
            assertEquals("", field(none.get("/"), "Server"));
        }
    }

    @Test
    @Effect("add_header_inherit")
    void addHeaderInheritMergesOrDropsOuterFields() throws IOException {
        String locations = """
            add_header X-A 1;
            location /on/ { add_header X-B 2; }
            location /merge/ { add_header_inherit merge; add_header X-B 2; location /merge/in/ { add_header X-C 3; } }
            location /off/ { add_header_inherit off; }
            location /none/ { add_header "" ""; }
            location / { }
            """;
        try (TestServer server = site(locations.replace(" }", " return 204; }"))) {
            assertEquals("1", added(server.get("/")));
            assertEquals("2", added(server.get("/on/")));
            assertEquals("12", added(server.get("/merge/")));
            assertEquals("123", added(server.get("/merge/in/")));
            assertEquals("", added(server.get("/off/")));
            assertEquals("", added(server.get("/none/")));
        }
    }

    private static String added(String answer) {
        return field(answer, "X-A") + field(answer, "X-B") + field(answer, "X-C");
    }

    @Test
    @Effect("add_trailer")
    void addTrailerAddsFieldsBehindTheBody() throws IOException {
        String fields = "add_trailer X-A $host; add_trailer X-B '$sent_trailer_x_a $sent_http_accept_ranges' always; "
                + "add_trailer X-C ''; location /o { chunked_transfer_encoding off; } location /r { add_trailer X-A 1; }";
        try (TestServer server = site(fields, "a", "hello", "o", "hello", "r", "hello")) {
            String answer = server.get("/a");
            assertEquals("chunked", field(answer, "Transfer-Encoding"));
            assertEquals("5\r\nhello\r\n0\r\nX-A: a\r\nX-B: a bytes\r\n\r\n", body(answer));
            assertTrue(body(server.get("/none")).endsWith("\r\n0\r\nX-B:  \r\n\r\n"), server.get("/none"));
            assertEquals("hello", body(server.ask("GET /a HTTP/1.0\r\nHost: a\r\n\r\n")));
            assertEquals("hello", body(server.get("/o")));
            assertEquals("", body(server.ask("HEAD /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")));
            String range = Serving.get(server, "/r", "Range: bytes=1-2\r\n");
            assertEquals(206, status(range));
            assertEquals("2\r\nel\r\n0\r\nX-A: 1\r\n\r\n", body(range));
        }
    }

    @Test
    @Effect("add_trailer_inherit")
    void addTrailerInheritMergesOuterFields() throws IOException {
        String fields = "add_trailer X-A 1; location /b { add_trailer X-B 2; add_trailer_inherit merge; }";
        try (TestServer server = site(fields, "b", "b")) {
            assertEquals("1\r\nb\r\n0\r\nX-A: 1\r\nX-B: 2\r\n\r\n", body(server.get("/b")));
        }
    }

    @Test
    @Effect("chunked_transfer_encoding")
    void chunkedTransferEncodingOffClosesTheConnectionInstead() throws IOException {
        String sub = "default_type text/html; sub_filter a b; location /b { chunked_transfer_encoding off; }";
        try (TestServer server = site(sub, "a", "a", "b", "a")) {
            assertEquals("chunked", field(server.get("/a"), "Transfer-Encoding"));
            String answer = server.ask("GET /b HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals("close", field(answer, "Connection"));
            assertEquals("", field(answer, "Transfer-Encoding"));
            assertEquals("b", body(answer));
        }
    }

    @Test
    @Effect("expires")
    void expiresSaysHowLongAnAnswerIsFresh() throws IOException {
        try (TestServer server = site("location /b { expires 1h; }", "a", "", "b", "")) {
            assertEquals("", field(server.get("/a"), "Cache-Control"));
            assertEquals("max-age=3600", field(server.get("/b"), "Cache-Control"));
        }
    }
}
