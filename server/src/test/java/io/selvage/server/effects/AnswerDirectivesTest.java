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
@Timeout(20)
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
    @Effect("expires")
    void expiresSaysHowLongAnAnswerIsFresh() throws IOException {
        try (TestServer server = site("location /b { expires 1h; }", "a", "", "b", "")) {
            assertEquals("", field(server.get("/a"), "Cache-Control"));
            assertEquals("max-age=3600", field(server.get("/b"), "Cache-Control"));
        }
    }
}
