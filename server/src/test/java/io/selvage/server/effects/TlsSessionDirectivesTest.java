package io.selvage.server.effects;

import io.selvage.server.tls.TlsCapability;
import io.selvage.server.whole.TestServer;
import io.selvage.server.whole.TlsClient;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.selvage.server.effects.Serving.body;
import static io.selvage.server.effects.TlsServing.can;
import static io.selvage.server.effects.TlsServing.http;
import static io.selvage.server.effects.TlsServing.keys;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Directives for sessions that clients resume.
@Timeout(60)
class TlsSessionDirectivesTest {
    private static final byte HANDSHAKE = 22;
    private static final byte NEW_SESSION_TICKET = 4;
    private static final String SITE = "server { listen 127.0.0.1:0 ssl; return 200 '$ssl_session_reused'; " + keys("a") + "%s }";

    /// What two connections of one client say about their sessions: `.` for a new one, `r` for one that is resumed.
    private static String twice(TestServer server, String protocol) throws IOException {
        TlsClient client = TlsClient.of("a").protocols(protocol);
        return body(client.get(server.address(), "a", "/")) + body(client.get(server.address(), "a", "/"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    @Effect("ssl_session_tickets")
    void clientsKeepTheirSessionsAsTickets(String engine) throws Exception {
        try (TestServer with = http(engine, SITE.formatted(""));
             TestServer without = http(engine, SITE.formatted("ssl_session_tickets off;"))) {
            assertEquals(".r", twice(with, "TLSv1.3"));
            assertEquals(".r", twice(with, "TLSv1.2"));
            assertEquals("..", twice(without, "TLSv1.2"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    @Effect("ssl_session_cache")
    void serverKeepsSessionsInItsCache(String engine) throws Exception {
        String off = "ssl_session_tickets off;";
        try (TestServer with = http(engine, SITE.formatted(off + "ssl_session_cache shared:SSL:1m;"));
             TestServer without = http(engine, SITE.formatted(off + "ssl_session_cache none;"))) {
            assertEquals(".r", twice(with, "TLSv1.2"));
            assertEquals("..", twice(without, "TLSv1.2"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    void sessionsSurviveAReload(String engine) throws Exception {
        try (TestServer server = http(engine, SITE.formatted(""))) {
            TlsClient client = TlsClient.of("a");
            assertEquals(".", body(client.get(server.address(), "a", "/")));
            server.reloadMain(Files.readString(server.folder().resolve("test.conf")));
            assertEquals("r", body(client.get(server.address(), "a", "/")));
        }
    }

    @Test
    @Effect("ssl_session_ticket_key")
    void serversWithOneTicketKeyResumeSessionsOfEachOther() throws Exception {
        assertTrue(can("boringssl", TlsCapability.TICKET_KEYS));
        String key = "k".repeat(48);
        String other = "o".repeat(48);
        String text = SITE.formatted("ssl_session_ticket_key new; ssl_session_ticket_key old;");
        try (TestServer first = http("boringssl", SITE.formatted("ssl_session_ticket_key key;"), "key", key);
             TestServer second = http("boringssl", text, "new", other, "old", key);
             TestServer stranger = http("boringssl", SITE.formatted("ssl_session_ticket_key key;"), "key", "s".repeat(48))) {
            TlsClient client = TlsClient.of("a").protocols("TLSv1.2");
            assertEquals(".", body(client.get(first.address(), "a", "/")));
            assertEquals("r", body(client.get(second.address(), "a", "/")));
            assertEquals(".", body(client.get(stranger.address(), "a", "/")));
        }
        assertEquals("a ticket key has 48 or 80 bytes, not 47", assertThrows(IOException.class, () ->
                http("boringssl", SITE.formatted("ssl_session_ticket_key key;"), "key", key.substring(1)).close())
                .getMessage().replaceFirst(".*\": ", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"boringssl", "jdk"})
    @Effect("ssl_session_timeout")
    void sessionsAreResumedForALimitedTime(String engine) throws Exception {
        for (String time : List.of("7m", "90s")) {
            try (TestServer server = http(engine, SITE.formatted("ssl_session_timeout " + time + ";"))) {
                var received = new ByteArrayOutputStream();
                TlsClient.of("a").protocols("TLSv1.2").open(server.address(), received).close();
                // BoringSSL subtracts the seconds since the start of the handshake.
                int timeout = time.equals("7m") ? 420 : 90;
                int lifetime = ticketLifetime(received.toByteArray());
                assertTrue(lifetime <= timeout && lifetime > timeout - 60, time + ": " + lifetime + " s");
            }
        }
    }

    /// The seconds that a server's NewSessionTicket promises (RFC 5077 §3.3).
    private static int ticketLifetime(byte[] received) {
        ByteBuffer in = ByteBuffer.wrap(received);
        while (in.get(in.position()) == HANDSHAKE) {
            int length = in.getShort(in.position() + 3);
            ByteBuffer record = in.slice(in.position() + 5, length);
            while (record.hasRemaining()) {
                int size = record.getInt(record.position()) & 0xffffff;
                if (record.get(record.position()) == NEW_SESSION_TICKET) {
                    return record.getInt(record.position() + 4);
                }
                record.position(record.position() + 4 + size);
            }
            in.position(in.position() + 5 + length);
        }
        throw new AssertionError("no ticket");
    }
}
