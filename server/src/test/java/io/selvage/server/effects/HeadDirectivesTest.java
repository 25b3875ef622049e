package io.selvage.server.effects;

import io.selvage.server.whole.TestServer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.selvage.server.effects.Serving.body;
import static io.selvage.server.effects.Serving.field;
import static io.selvage.server.effects.Serving.get;
import static io.selvage.server.effects.Serving.http;
import static io.selvage.server.effects.Serving.site;
import static io.selvage.server.effects.Serving.status;
import static org.junit.jupiter.api.Assertions.assertEquals;

/// Directives for reading the head of a request.
@Timeout(60)
class HeadDirectivesTest {
    private static final String RETURN = "return 200 ok;";
    private static final String LONG_FIELD = "X: " + "x".repeat(4000) + "\r\n";

    @Test
    @Effect("client_header_buffer_size")
    void clientHeaderBufferSizeAllowsLongerLines() throws IOException {
        String large = "large_client_header_buffers 1 1k;";
        try (TestServer without = site(large + RETURN);
             TestServer with = site(large + "client_header_buffer_size 8k;" + RETURN)) {
            assertEquals(431, status(get(without, "/", LONG_FIELD)));
            assertEquals(200, status(get(with, "/", LONG_FIELD)));
        }
    }

    @Test
    @Effect("large_client_header_buffers")
    void largeClientHeaderBuffersLimitALineAndAllOfThem() throws IOException {
        try (TestServer without = site(RETURN);
             TestServer shorter = site("large_client_header_buffers 4 2k;" + RETURN);
             TestServer fewer = site("large_client_header_buffers 1 8k;" + RETURN)) {
            assertEquals(200, status(get(without, "/", LONG_FIELD.repeat(3))));
            assertEquals(431, status(get(shorter, "/", LONG_FIELD)));
            assertEquals(200, status(get(fewer, "/", LONG_FIELD)));
            assertEquals(431, status(get(fewer, "/", LONG_FIELD.repeat(3))));
        }
    }

    @Test
    void siteOfTheHostLimitsAndReadsTheFieldsAfterIt() throws IOException {
        String echo = "return 200 '$server_name <$http_x_y>';";
        try (TestServer server = http("""
                server { listen 127.0.0.1:0 default_server; server_name d; %1$s }
                server { listen 127.0.0.1:0; server_name small *.small ~^s[0-9]$; large_client_header_buffers 2 2k; %1$s }
                server { listen 127.0.0.1:0; server_name large; large_client_header_buffers 4 32k; %1$s }
                server { listen 127.0.0.1:0; server_name kept; underscores_in_headers on; %1$s }
                server { listen 127.0.0.1:0; server_name strict; ignore_invalid_headers off; %1$s }
                """.formatted(echo))) {
            String longer = "X: " + "x".repeat(20_000) + "\r\n";
            for (String host : List.of("small", "A.Small:80", "s7")) {
                assertEquals(431, status(ask(server, "/", "Host: " + host + "\r\n" + LONG_FIELD)), host);
                assertEquals(200, status(ask(server, "/", LONG_FIELD + "Host: " + host + "\r\n")), host);
            }
            assertEquals(431, status(ask(server, "http://small/", LONG_FIELD + "Host: large\r\n")));
            assertEquals(200, status(ask(server, "/", "Host: large\r\n" + longer)));
            assertEquals(431, status(ask(server, "/", longer + "Host: large\r\n")));
            assertEquals(200, status(ask(server, "/", "Host: other\r\n" + LONG_FIELD)));
            assertEquals(431, status(ask(server, "/", "Host: other\r\n" + longer)));
            assertEquals("d <>", body(ask(server, "/", "Host: d\r\nX_Y: 1\r\n")));
            assertEquals("kept <1>", body(ask(server, "/", "Host: kept\r\nX_Y: 1\r\n")));
            assertEquals("strict <1>", body(ask(server, "/", "Host: strict\r\nX_Y: 1\r\n")));
        }
    }

    @Test
    void errorPage494IsForAHeadThatIsTooLarge() throws IOException {
        try (TestServer server = http("""
                server {
                    listen 127.0.0.1:0;
                    server_name other;
                    error_page 431 =200 /own;
                    location = /own { return 200 own; }
                    return 200 ok;
                }
                server {
                    listen 127.0.0.1:0;
                    server_name a;
                    error_page 494 /big;
                    location = /big { return 200 "clear your cookies"; }
                    location / { return 200 ok; }
                }
                server {
                    listen 127.0.0.1:0;
                    server_name b;
                    error_page 494 =200 /big;
                    location = /big { return 200 "clear your cookies"; }
                }
                """)) {
            String tooLong = "Cookie: c=" + "x".repeat(20_000) + "\r\n";
            String answer = ask(server, "/", "Host: a\r\n" + tooLong);
            assertEquals(400, status(answer));
            assertEquals("clear your cookies", body(answer));
            assertEquals("close", field(answer, "Connection"));
            answer = ask(server, "/", "Host: b\r\n" + tooLong);
            assertEquals(200, status(answer));
            assertEquals("clear your cookies", body(answer));
        }
    }

    private static String ask(TestServer server, String target, String fields) throws IOException {
        return server.ask("GET " + target + " HTTP/1.1\r\n" + fields + "Connection: close\r\n\r\n");
    }

    @Test
    @Effect("max_headers")
    void maxHeadersLimitsTheFieldsOfAHead() throws IOException {
        try (TestServer server = site("max_headers 3; return 204;")) {
            assertEquals(204, status(Serving.get(server, "/", "X: 1\r\n")));
            assertEquals(431, status(Serving.get(server, "/", "X: 1\r\nX: 2\r\n")));
        }
    }

    @Test
    @Effect("client_header_timeout")
    void clientHeaderTimeoutEndsTheWaitForAHead() throws IOException {
        try (TestServer server = site("client_header_timeout 50ms;" + RETURN)) {
            assertEquals(408, status(server.askInTime("GET / HTTP/1.1\r\nHost: a\r\nX")));
        }
    }

    @Test
    @Effect("ignore_invalid_headers")
    void ignoreInvalidHeadersDropsFieldsWithOddNames() throws IOException {
        String echo = "return 200 '<$http_x_y>';";
        try (TestServer without = site(echo); TestServer with = site("ignore_invalid_headers off;" + echo)) {
            assertEquals("<>", body(get(without, "/", "X_Y: 1\r\n")));
            assertEquals("<1>", body(get(with, "/", "X_Y: 1\r\n")));
        }
    }

    @Test
    @Effect("underscores_in_headers")
    void underscoresInHeadersKeepsSuchFields() throws IOException {
        String echo = "return 200 '<$http_x_y>';";
        try (TestServer without = site(echo); TestServer with = site("underscores_in_headers on;" + echo)) {
            assertEquals("<>", body(get(without, "/", "X_Y: 1\r\n")));
            assertEquals("<1>", body(get(with, "/", "X_Y: 1\r\n")));
        }
    }

    @Test
    @Effect("merge_slashes")
    void mergeSlashesTreatsSeveralSlashesAsOne() throws IOException {
        String locations = "location = /a/b { return 200 merged; } location / { return 200 apart; }";
        try (TestServer without = site(locations); TestServer with = site("merge_slashes off;" + locations)) {
            assertEquals("merged", body(without.get("/a//b")));
            assertEquals("apart", body(with.get("/a//b")));
        }
    }
}
