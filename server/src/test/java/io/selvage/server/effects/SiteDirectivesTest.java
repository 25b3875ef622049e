package io.selvage.server.effects;

import io.selvage.server.whole.RawClient;
import io.selvage.server.whole.TestServer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.selvage.server.effects.Serving.body;
import static io.selvage.server.effects.Serving.http;
import static io.selvage.server.effects.Serving.main;
import static io.selvage.server.effects.Serving.site;
import static org.junit.jupiter.api.Assertions.assertEquals;

/// Which site and which location answers.
@Timeout(60)
class SiteDirectivesTest {
    private static final String SERVER = "server { listen 127.0.0.1:0; return 200 ok; }";

    @Test
    @Effect("http")
    void httpMakesServersListen() throws IOException {
        try (TestServer without = main("events { }");
             TestServer with = main("events { } http { access_log off; " + SERVER + "}")) {
            assertEquals(List.of(), without.server().addresses());
            assertEquals("ok", body(with.get("/")));
        }
    }

    @Test
    @Effect("include")
    void includeReadsAnotherFile() throws IOException {
        try (TestServer server = site("include more/*.conf;", "more/a.conf", "return 200 included;")) {
            assertEquals("included", body(server.get("/")));
        }
    }

    @Test
    @Effect({"server in http", "server_name"})
    void serverNameSaysWhichServerAnswers() throws IOException {
        try (TestServer server = http(SERVER + "server { listen 127.0.0.1:0; server_name b.test; return 200 b; }")) {
            assertEquals("ok", body(server.get("/")));
            assertEquals("b", body(server.ask("GET / HTTP/1.1\r\nHost: b.test\r\nConnection: close\r\n\r\n")));
        }
    }

    @Test
    @Effect("listen")
    void listenOpensAnAddressAndNamesTheDefault() throws IOException {
        try (TestServer server = http(SERVER + """
                server { listen 127.0.0.1:0 default_server; listen 127.0.0.2:0; return 200 other; }
                """)) {
            assertEquals("other", body(server.get("/")));
            try (RawClient client = new RawClient(server.address("127.0.0.2"))) {
                assertEquals("other", body(client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").readAnswer()));
            }
        }
    }

    @Test
    @Effect("location")
    void locationTakesThePathsThatMatch() throws IOException {
        try (TestServer server = site("location /a { return 200 a; } location ~ b$ { return 200 b; }", "c", "c")) {
            assertEquals("a", body(server.get("/a/c")));
            assertEquals("b", body(server.get("/a/b")));
            assertEquals("c", body(server.get("/c")));
        }
    }
}
