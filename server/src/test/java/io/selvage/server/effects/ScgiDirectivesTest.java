package io.selvage.server.effects;

import io.selvage.server.proxy.Origin;
import io.selvage.server.whole.TestServer;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.selvage.server.effects.Serving.body;
import static org.junit.jupiter.api.Assertions.assertEquals;

/// What only peers that speak SCGI have.
@Timeout(60)
class ScgiDirectivesTest {

    @Test
    @Effect("scgi_param")
    void scgiParamSetsAVariable() throws IOException {
        try (Origin origin = Origin.scripted(wire -> {
            String variables = PeerLanguage.SCGI.readHead(wire);
            wire.send("Content-Length: " + variables.length() + "\r\n\r\n" + variables);
        }); TestServer server = PeerLanguage.SCGI.passingTo(origin.address(),
                "scgi_param ODD <$uri>; scgi_param CONTENT_LENGTH 7; scgi_param NONE $arg_a if_not_empty;")) {
            assertEquals("CONTENT_LENGTH=0, SCGI=1, REQUEST_METHOD=GET, ODD=</x>, HTTP_HOST=a, ",
                    body(server.get("/x")).replaceFirst("HTTP_CDN_LOOP=.*", ""));
        }
    }
}
