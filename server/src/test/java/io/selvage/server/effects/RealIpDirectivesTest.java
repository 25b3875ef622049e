package io.selvage.server.effects;

import io.selvage.server.whole.TestServer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.selvage.server.effects.Serving.body;
import static io.selvage.server.effects.Serving.get;
import static io.selvage.server.effects.Serving.http;
import static io.selvage.server.effects.Serving.site;
import static io.selvage.server.effects.Serving.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The address of clients behind proxies.
@Timeout(60)
class RealIpDirectivesTest {
    private static final String ECHO = " location / { return 200 '$remote_addr'; }";

    @ParameterizedTest(name = "from {0}: {1}")
    @CsvSource({"127.0.0.0/8, 192.0.2.1", "127.0.0.1, 192.0.2.1", "localhost, 192.0.2.1", "10.0.0.0/8, 127.0.0.1",
        "unix:, 127.0.0.1"})
    @Effect("set_real_ip_from")
    void setRealIpFromTrustsTheProxy(String proxies, String client) throws IOException {
        try (TestServer server = site("set_real_ip_from " + proxies + ";" + ECHO)) {
            assertEquals(client, body(get(server, "/", "X-Real-IP: 192.0.2.1\r\n")));
            assertEquals("127.0.0.1", body(server.get("/")));
        }
    }

    @ParameterizedTest(name = "{0} names {1}")
    @CsvSource({"X-Forwarded-For, 192.0.2.2", "x-Client, 192.0.2.3", "X-Real-IP, 192.0.2.1", "X-Other, 127.0.0.1"})
    @Effect("real_ip_header")
    void realIpHeaderChoosesTheField(String header, String client) throws IOException {
        try (TestServer server = site("set_real_ip_from 127.0.0.1; real_ip_header " + header + ";" + ECHO)) {
            assertEquals(client, body(get(server, "/", """
                    X-Real-IP: 192.0.2.1\r
                    X-Forwarded-For: 192.0.2.9\r
                    X-Forwarded-For: 192.0.2.8, 192.0.2.2\r
                    X-Client: 192.0.2.3\r
                    """)));
        }
    }

    @Test
    @Effect("real_ip_recursive")
    void realIpRecursivePassesOverTrustedProxies() throws IOException {
        String trusted = "set_real_ip_from 127.0.0.1; set_real_ip_from 10.0.0.0/8; real_ip_header X-Forwarded-For;";
        String fields = "X-Forwarded-For: 198.51.100.1, 192.0.2.1:77, 10.0.0.7\r\n";
        try (TestServer without = site(trusted + ECHO); TestServer with = site(trusted + "real_ip_recursive on;" + ECHO)) {
            assertEquals("10.0.0.7", body(get(without, "/", fields)));
            assertEquals("192.0.2.1", body(get(with, "/", fields)));
        }
    }

    @Test
    void variablesShowBothAddresses() throws IOException {
        try (TestServer server = site("set_real_ip_from 127.0.0.1; location / {"
                + " return 200 '$remote_addr $remote_port $realip_remote_addr $proxy_add_x_forwarded_for'; }")) {
            assertEquals("2001:db8::1 99 127.0.0.1 2001:db8::1", body(get(server, "/", "X-Real-IP: [2001:DB8::1]:99\r\n")));
            assertEquals("192.0.2.1  127.0.0.1 1.1.1.1, 192.0.2.1",
                    body(get(server, "/", "X-Real-IP: 192.0.2.1\r\nX-Forwarded-For: 1.1.1.1\r\n")));
        }
    }

    @Test
    void everythingThatDependsOnTheClientUsesTheAddress() throws IOException {
        try (TestServer server = http("""
                geo $place { default other; 192.0.2.0/24 there; }
                limit_req_zone $binary_remote_addr zone=z:1m rate=1r/m;
                log_format who '$remote_addr $uri';
                access_log who.log who;
                server {
                    listen 127.0.0.1:0;
                    set_real_ip_from 127.0.0.1;
                    location /geo { return 200 $place; }
                    location /denied { deny 192.0.2.1; root .; }
                    location /limited { limit_req zone=z; root .; error_page 404 =200 /geo; }
                }
                """)) {
            assertEquals("there", body(get(server, "/geo", "X-Real-IP: 192.0.2.1\r\n")));
            assertEquals(403, status(get(server, "/denied", "X-Real-IP: 192.0.2.1\r\n")));
            assertEquals(404, status(get(server, "/denied", "X-Real-IP: 192.0.2.2\r\n")));
            assertEquals(200, status(get(server, "/limited", "X-Real-IP: 192.0.2.1\r\n")));
            assertEquals(200, status(get(server, "/limited", "X-Real-IP: 192.0.2.2\r\n")));
            assertEquals(503, status(get(server, "/limited", "X-Real-IP: 192.0.2.1\r\n")));
            assertTrue(server.errorLog().stream().anyMatch(line -> line.contains("forbidden by rule, client: 192.0.2.1, ")));
            assertEquals(List.of("192.0.2.1 /geo", "192.0.2.1 /denied"), server.lines("who.log").subList(0, 2));
        }
    }

    @Test
    void locationMayTrustOtherProxiesThanItsSite() throws IOException {
        try (TestServer server = site("set_real_ip_from 10.0.0.1; location /a { set_real_ip_from 127.0.0.1; deny 192.0.2.1; }"
                + " location /b { real_ip_header X-Client; deny 192.0.2.1; }", "a", "", "b", "")) {
            assertEquals(403, status(get(server, "/a", "X-Real-IP: 192.0.2.1\r\n")));
            assertEquals(200, status(get(server, "/a", "X-Real-IP: 192.0.2.2\r\n")));
            assertEquals(200, status(get(server, "/b", "X-Real-IP: 192.0.2.1\r\n")));
        }
    }

    @Test
    void nextRequestOfAConnectionHasItsOwnAddress() throws IOException {
        try (TestServer server = site("set_real_ip_from 127.0.0.1;" + ECHO)) {
            String answers = server.ask("GET / HTTP/1.1\r\nHost: a\r\nX-Real-IP: 192.0.2.1\r\n\r\n"
                    + "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            assertTrue(answers.contains("192.0.2.1HTTP/1.1 200") && answers.endsWith("127.0.0.1"), answers);
        }
    }
}
