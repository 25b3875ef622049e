package io.selvage.server.effects;

import io.selvage.server.proxy.Origin;
import io.selvage.server.whole.TestServer;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.selvage.server.effects.Serving.field;
import static io.selvage.server.effects.Serving.get;
import static io.selvage.server.effects.Serving.site;
import static io.selvage.server.effects.Serving.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// What only peers that speak HTTP have.
@Timeout(60)
class ProxyDirectivesTest {
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    /// What the peer is sent without and with a directive.
    private static String[] received(String directive) throws IOException {
        try (Origin origin = Origin.answering(OK);
             TestServer server = site(PeerLanguage.PROXY.location("/", origin.address(), "")
                     + PeerLanguage.PROXY.location("/b", origin.address(), directive))) {
            server.get("/a");
            server.get("/b");
            return origin.requests().toArray(String[]::new);
        }
    }

    private static void assertStarts(String start, String text) {
        assertTrue(text.startsWith(start), text);
    }

    @Test
    @Effect("proxy_http_version")
    void proxyHttpVersionIsSpoken() throws IOException {
        String[] received = received("proxy_http_version 1.0;");
        assertStarts("GET /a HTTP/1.1\r\n", received[0]);
        assertStarts("GET /b HTTP/1.0\r\n", received[1]);
    }

    @Test
    @Effect("proxy_method")
    void proxyMethodTakesThePlaceOfTheClients() throws IOException {
        String[] received = received("proxy_method PUT;");
        assertStarts("GET /a ", received[0]);
        assertStarts("PUT /b ", received[1]);
    }

    @Test
    @Effect("proxy_set_header")
    void proxySetHeaderSetsAField() throws IOException {
        String[] received = received("proxy_set_header X-A $uri;");
        assertEquals("", field(received[0], "X-A"));
        assertEquals("/b", field(received[1], "X-A"));
    }

    @Test
    @Effect({"proxy_set_header", "proxy_upgrade"})
    void locationThatSetsUpgradePassesOnAnyProtocolButHttp2() throws IOException {
        String set = "proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade;";
        String asks = "Connection: upgrade\r\nUpgrade: h2c, SPDY/3.1\r\n";
        try (Origin origin = PeerLanguage.PROXY.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
             TestServer any = PeerLanguage.PROXY.passingTo(origin.address(), set);
             TestServer named = PeerLanguage.PROXY.passingTo(origin.address(), set + " proxy_upgrade tcp;")) {
            assertEquals(200, status(get(any, "/", asks)));
            assertEquals("SPDY/3.1", field(origin.requests().getLast(), "Upgrade"));
            assertEquals(200, status(get(named, "/", asks)));
            assertEquals("", field(origin.requests().getLast(), "Upgrade"));
        }
    }

    @Test
    @Effect("proxy_set_body")
    void proxySetBodyTakesThePlaceOfTheClients() throws IOException {
        String[] received = received("proxy_set_body <$uri>;");
        assertTrue(received[0].endsWith("\r\n\r\n"), received[0]);
        assertTrue(received[1].endsWith("\r\n\r\n</b>"), received[1]);
    }

    @Test
    @Effect("early_hints")
    void earlyHintsSaysWhoGetsInterimResponses() throws IOException {
        try (Origin origin = Origin.answering("HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n" + OK);
             TestServer usual = PeerLanguage.PROXY.passingTo(origin.address(), "");
             TestServer chosen = PeerLanguage.PROXY.passingTo(origin.address(), "early_hints $http_a $http_b;")) {
            assertEquals(103, status(usual.get("/")));
            assertEquals(200, status(chosen.get("/")));
            assertEquals(200, status(get(chosen, "/", "A: 0\r\n")));
            assertEquals(103, status(get(chosen, "/", "A: 0\r\nB: 1\r\n")));
        }
    }

    @Test
    @Effect("proxy_redirect")
    void proxyRedirectRewritesWhereAnAnswerLeads() throws IOException {
        try (Origin origin = Origin.answering("HTTP/1.1 302 Found\r\nLocation: http://inner/x\r\nContent-Length: 0\r\n\r\n");
             TestServer server = site(PeerLanguage.PROXY.location("/", origin.address(), "")
                     + PeerLanguage.PROXY.location("/b", origin.address(), "proxy_redirect http://inner/ http://outer/;"))) {
            assertEquals("http://inner/x", field(server.get("/a"), "Location"));
            assertEquals("http://outer/x", field(server.get("/b"), "Location"));
        }
    }
}
