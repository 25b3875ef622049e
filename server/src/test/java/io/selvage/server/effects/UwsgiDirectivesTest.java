package io.selvage.server.effects;

import io.selvage.server.proxy.Origin;
import io.selvage.server.proxy.ReceivedPacket;
import io.selvage.server.whole.TestServer;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.selvage.server.effects.Serving.body;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// What only peers that speak the uwsgi protocol have.
@Timeout(60)
class UwsgiDirectivesTest {

    /// What the peer is sent with a directive.
    private static String received(String directive) throws IOException {
        try (Origin origin = Origin.scripted(wire -> {
            wire.send("HTTP/1.1 200 OK\r\n\r\n" + ReceivedPacket.from(wire));
            wire.endOutput();
            wire.end();
        }); TestServer server = PeerLanguage.UWSGI.passingTo(origin.address(), directive)) {
            return body(server.get("/"));
        }
    }

    @Test
    @Effect({"uwsgi_modifier1", "uwsgi_modifier2"})
    void uwsgiModifiersAreSent() throws IOException {
        String without = received("");
        assertTrue(without.contains("modifier1=0, modifier2=0,"), without);
        String with = received("uwsgi_modifier1 5; uwsgi_modifier2 7;");
        assertTrue(with.contains("modifier1=5, modifier2=7,"), with);
    }

    @Test
    @Effect("uwsgi_param")
    void uwsgiParamSetsAVariable() throws IOException {
        assertEquals(-1, received("").indexOf("ODD="));
        String with = received("uwsgi_param ODD <$uri>;");
        assertTrue(with.contains("ODD=</>"), with);
    }
}
