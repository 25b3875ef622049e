package io.selvage.server.route;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.FakeClient;
import io.selvage.server.http.Headers;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class RedirectsTest {
    private static Exchange comingTo(String ip, int port, String host) {
        FakeClient client = FakeClient.at("10.0.0.1").comingTo(ip, port);
        Exchange exchange = host.isEmpty() ? client.begins("GET /a HTTP/1.0") : client.begins("GET /a HTTP/1.1", "Host: " + host);
        exchange.routing().siteName("site.org");
        return exchange;
    }

    private static String written(Redirects redirects, Exchange exchange, String location) {
        return redirects.written(Headers.of("Location", location), exchange).first("Location").orElseThrow();
    }

    @Test
    void hostAndPortPrecedeAPath() {
        Redirects redirects = Redirects.DEFAULT;
        assertEquals("http://a.org/b", written(redirects, comingTo("127.0.0.1", 80, "a.org:99"), "/b"));
        assertEquals("http://a.org:8080/b", written(redirects, comingTo("127.0.0.1", 8080, "a.org"), "/b"));
        assertEquals("http://127.0.0.1:8080/b", written(redirects, comingTo("127.0.0.1", 8080, ""), "/b"));
        assertEquals("http://[::1]:8080/b", written(redirects, comingTo("::1", 8080, ""), "/b"));
    }

    @Test
    void portAndNameAreAsConfigured() {
        Exchange exchange = comingTo("127.0.0.1", 8080, "a.org");
        assertEquals("http://a.org/b", written(new Redirects(true, false, false), exchange, "/b"));
        assertEquals("http://site.org:8080/b", written(new Redirects(true, true, true), exchange, "/b"));
        assertEquals("/b", written(new Redirects(false, false, true), exchange, "/b"));
    }

    @Test
    void urlIsUnchanged() {
        assertEquals("https://b.org/", written(Redirects.DEFAULT, comingTo("127.0.0.1", 80, "a.org"), "https://b.org/"));
    }

    @Test
    void twoSlashesDoNotLeadToAnotherHost() {
        assertEquals("http://a.org//evil.com/", written(Redirects.DEFAULT, comingTo("127.0.0.1", 80, "a.org"), "//evil.com/"));
    }
}
