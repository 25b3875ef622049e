package io.selvage.server.effects;

import io.selvage.server.net.Io;
import io.selvage.server.whole.RawClient;
import io.selvage.server.whole.TestServer;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static io.selvage.server.effects.Serving.body;
import static io.selvage.server.effects.Serving.field;
import static io.selvage.server.effects.Serving.get;
import static io.selvage.server.effects.Serving.site;
import static io.selvage.server.effects.Serving.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Answers without a file or a peer.
@Timeout(60)
class StatusDirectivesTest {

    @ParameterizedTest
    @MethodSource("io.selvage.server.net.Ios#all")
    @Effect("stub_status")
    void stubStatusCountsConnectionsAndRequests(Io io) throws IOException {
        String text = "server { listen 127.0.0.1:0; location /s { stub_status; } location /r { return 204; } }";
        try (TestServer server = TestServer.nginx(io, text);
             RawClient kept = server.connect()) {
            kept.send("GET /r HTTP/1.1\r\nHost: a\r\n\r\nGET /r HTTP/1.1\r\nHost: a\r\n\r\n");
            kept.readUntil("\r\n\r\n");
            kept.readUntil("\r\n\r\n");
            String answer = "";
            int asked = 0;
            while (!answer.endsWith("\nReading: 0 Writing: 1 Waiting: 1 \n")) {     // until the connection waits again
                answer = server.get("/s");
                asked++;
            }
            assertEquals("text/plain", field(answer, "Content-Type"));
            String counts = " %1$d %1$d %2$d \n".formatted(1 + asked, 2 + asked);
            assertTrue(body(answer).startsWith("Active connections: 2 \nserver accepts handled requests\n" + counts), answer);
            assertEquals(405, status(server.ask("POST /s HTTP/1.0\r\n\r\n")));
        }
    }

    @Test
    void connectionsWithAnIncompleteHeadAreReading() throws IOException {
        try (TestServer server = site("location /s { return 200 "
                + "'$connections_active $connections_reading $connections_writing $connections_waiting'; }");
             RawClient incomplete = server.connect()) {
            incomplete.send("GET / HTTP/1.1\r\n");
            String counted = "";
            while (!counted.equals("2 1 1 0")) {                     // until the server has read the beginning of the head
                counted = body(server.get("/s"));
            }
        }
    }

    @Test
    @Effect("empty_gif")
    void emptyGifIsAPicture() throws IOException {
        try (TestServer server = site("location /g { empty_gif; }")) {
            String answer = server.get("/g");
            assertEquals("image/gif", field(answer, "Content-Type"));
            assertEquals("GIF89a", body(answer).substring(0, 6));
            assertEquals(43, body(answer).length());
            assertEquals(304, status(get(server, "/g", "If-Modified-Since: Mon, 28 Sep 1970 06:00:00 GMT\r\n")));
            assertEquals(405, status(server.ask("POST /g HTTP/1.0\r\n\r\n")));
        }
    }
}
