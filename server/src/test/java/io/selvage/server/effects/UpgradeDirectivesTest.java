package io.selvage.server.effects;

import io.selvage.server.proxy.Origin;
import io.selvage.server.whole.RawClient;
import io.selvage.server.whole.TestServer;
import java.io.IOException;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

import static io.selvage.server.effects.Serving.get;
import static io.selvage.server.effects.Serving.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The change of a connection to another protocol, which only some protocols to peers allow.
@Timeout(60)
@ParameterizedClass
@EnumSource(names = {"PROXY", "UWSGI"})
class UpgradeDirectivesTest {

    @Parameter
    private PeerLanguage language;

    @Test
    @Effect({"proxy_upgrade", "uwsgi_upgrade"})
    void upgradeNamesTheProtocolsThatArePassedOn() throws IOException {
        try (Origin origin = language.answering("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n");
             TestServer usual = language.passingTo(origin.address(), "");
             TestServer other = language.passingTo(origin.address(), "*_upgrade x;");
             TestServer none = language.passingTo(origin.address(), "*_upgrade off;")) {
            assertEquals(502, status(get(usual, "/", "Connection: upgrade\r\nUpgrade: x\r\n")));
            assertEquals(101, upgraded(other, "x"));
            assertTrue(origin.requests().getLast().toUpperCase(Locale.ROOT).contains("UPGRADE"), origin.requests().getLast());
            assertEquals(502, status(get(none, "/", "Connection: upgrade\r\nUpgrade: websocket\r\n")));
            assertFalse(origin.requests().getLast().toUpperCase(Locale.ROOT).contains("UPGRADE"), origin.requests().getLast());
        }
    }

    @Test
    @Effect({"proxy_hide_header", "uwsgi_hide_header"})
    void offerOfAPeerCanBeHidden() throws IOException {
        try (Origin origin = language.answering("HTTP/1.1 200 OK\r\nUpgrade: websocket\r\nContent-Length: 0\r\n\r\n");
             TestServer usual = language.passingTo(origin.address(), "");
             TestServer hiding = language.passingTo(origin.address(), "*_hide_header Upgrade;")) {
            assertTrue(get(usual, "/", "").contains("\r\nUpgrade: websocket\r\n"));
            assertFalse(get(hiding, "/", "").contains("Upgrade: "));
        }
    }

    private static int upgraded(TestServer server, String protocol) throws IOException {
        try (RawClient client = server.connect()) {
            return status(client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: " + protocol + "\r\n\r\n")
                    .readHead());
        }
    }
}
