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

@Timeout(60)
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

    @Test
    void serverWithServiceIsFoundByItsRecords() throws IOException {
        try (Origin origin = origin(); NameServer names = new NameServer()
                .knows("_http._tcp.app.test SRV", "_http._tcp.app.test. 60 IN SRV 0 1 " + port(origin).substring(1) + " a.test.")
                .knows("one.two.app.test SRV", "one.two.app.test. 60 IN SRV 0 1 " + port(origin).substring(1) + " a.test.")
                .knows("a.test A", "a.test. 60 IN A 127.0.0.1");
             TestServer server = http("resolver " + names.address()
                     + " ipv6=off; upstream a { server app.test service=http resolve; }"
                     + " upstream b { server app.test resolve service=_http._tcp; }"
                     + " upstream c { server app.test service=one.two resolve; }"
                     + " server { listen 127.0.0.1:0; location / { proxy_pass http://$arg_g; } }")) {
            for (String group : List.of("a", "b", "c")) {
                assertEquals("ok", body(server.get("/?g=" + group)));
            }
        }
    }

    @Test
    void backupServersOfAServiceAreUsedWhenTheOthersFail() throws IOException {
        String refusing = Origin.refusing();
        try (Origin origin = origin(); NameServer names = new NameServer()
                .knows("_http._tcp.app.test SRV",
                        "_http._tcp.app.test. 60 IN SRV 5 1 " + refusing.substring(refusing.indexOf(':') + 1) + " a.test.",
                        "_http._tcp.app.test. 60 IN SRV 9 1 " + port(origin).substring(1) + " a.test.")
                .knows("a.test A", "a.test. 60 IN A 127.0.0.1");
             TestServer server = http("upstream app { resolver " + names.address() + " ipv6=off; server app.test service=http"
                     + " resolve; } server { listen 127.0.0.1:0; location / { proxy_pass http://app; } }")) {
            assertEquals("ok", body(server.get("/")));
            assertEquals("ok", body(server.get("/")));
        }
    }

    @Test
    void silentNameServerDelaysTheStartByAMomentOnly() throws IOException {
        try (NameServer names = new NameServer().silent(); Origin origin = origin();
             TestServer server = http("resolver " + names.address() + "; resolver_timeout 30s;"
                     + " upstream a { server a.test resolve; server " + origin.address() + "; }"
                     + " upstream b { server b.test service=http resolve; server " + origin.address() + "; }"
                     + " server { listen 127.0.0.1:0; location / { proxy_pass http://$arg_g; } }")) {
            assertEquals("ok", body(server.get("/?g=a")));
            assertEquals("ok", body(server.get("/?g=b")));
        }
    }

    @Test
    void peersStayWhenTheNameServerIsGone() throws Exception {
        try (Origin origin = origin(); NameServer names = new NameServer().knows("app.test A", "app.test. 1 IN A 127.0.0.1");
             TestServer server = http("upstream app { resolver " + names.address() + " ipv6=off; server app.test" + port(origin)
                     + " resolve; } server { listen 127.0.0.1:0; location / { proxy_pass http://app; } }")) {
            assertEquals("ok", body(server.get("/")));
            names.stop();
            server.awaitLines("error.log", 1);
            assertEquals("ok", body(server.get("/")));
            assertTrue(server.errorLog().getFirst().endsWith("host \"app.test\" could not be resolved (111: Connection refused),"
                    + " its last addresses are kept"));
        }
    }
}
