package io.selvage.server.effects;

import io.selvage.server.proxy.NameServer;
import io.selvage.server.proxy.Origin;
import io.selvage.server.whole.TestServer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.selvage.server.effects.Serving.body;
import static io.selvage.server.effects.Serving.http;
import static io.selvage.server.effects.Serving.site;
import static io.selvage.server.effects.Serving.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

@Timeout(20)
class ResolverDirectivesTest {

    private static Origin origin() throws IOException {
        return Origin.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    }

    private static String port(Origin origin) {
        return origin.address().substring(origin.address().indexOf(':'));
    }

    @Test
    @Effect("resolver")
    void resolverFindsTheHostsOfVariables() throws IOException {
        try (NameServer names = new NameServer().knows("app.test A", "app.test. 60 IN A 127.0.0.1"); Origin origin = origin();
             TestServer server = site("resolver " + names.address() + " ipv6=off; location / { proxy_pass http://$arg_h"
                     + port(origin) + "; }")) {
            assertEquals("ok", body(server.get("/?h=app.test")));
            assertEquals("ok", body(server.get("/?h=APP.test")));
            assertEquals(List.of("udp app.test A"), names.questions());
            assertEquals(502, status(server.get("/?h=none.test")));
            assertTrue(server.errorLog().getFirst().contains("none.test could not be resolved (3: Host not found)"));
        }
    }

    @Test
    @Effect("resolver_timeout")
    void resolverTimeoutEndsTheWaitForAnAddress() throws IOException {
        try (NameServer names = new NameServer().silent();
             TestServer server = site("resolver " + names.address() + "; resolver_timeout 50ms;"
                     + " location / { proxy_pass http://$arg_h; }")) {
            assertEquals(502, status(server.get("/?h=app.test")));
            assertTrue(server.errorLog().getFirst().contains("app.test could not be resolved (110: Operation timed out)"));
        }
    }

    @Test
    void serverWithResolveIsFoundByTheResolverOfItsUpstream() throws IOException {
        try (NameServer names = new NameServer().knows("app.test A", "app.test. 60 IN A 127.0.0.1"); Origin origin = origin();
             TestServer server = http("upstream app { zone app 64k; resolver " + names.address() + "; server app.test"
                     + port(origin) + " resolve; } server { listen 127.0.0.1:0; location / { proxy_pass http://app; } }")) {
            assertEquals("ok", body(server.get("/")));
        }
    }
}
