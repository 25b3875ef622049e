package io.selvage.server.effects;

import io.selvage.server.whole.TestServer;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.selvage.server.effects.Serving.body;
import static io.selvage.server.effects.Serving.get;
import static io.selvage.server.effects.Serving.site;
import static io.selvage.server.effects.Serving.status;
import static org.junit.jupiter.api.Assertions.assertEquals;

/// Directives for reading the head of a request.
@Timeout(20)
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
    @Effect("client_header_timeout")
    void clientHeaderTimeoutEndsTheWaitForAHead() throws IOException {
        try (TestServer server = site("client_header_timeout 50ms;" + RETURN)) {
            assertEquals(408, status(server.ask("GET / HTTP/1.1\r\nHost: a\r\nX")));
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
