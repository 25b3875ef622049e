package io.selvage.server.effects;

import io.selvage.server.proxy.Origin;
import io.selvage.server.whole.TestServer;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.selvage.server.effects.Serving.field;
import static io.selvage.server.effects.Serving.site;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// What is changed in the cookies and trailers of HTTP peers.
@Timeout(60)
class CookieDirectivesTest {

    /// A cookie as the client gets it.
    private static String changed(String cookie, String directives) throws IOException {
        try (Origin origin = Origin.answering("HTTP/1.1 200 OK\r\nSet-Cookie: " + cookie + "\r\nContent-Length: 0\r\n\r\n");
             TestServer server = site("location / { proxy_pass http://" + origin.address() + "; " + directives + " }")) {
            return field(server.get("/?v=value&s=secure"), "Set-Cookie");
        }
    }

    @Test
    @Effect("proxy_cookie_domain")
    void proxyCookieDomainChangesTheDomain() throws IOException {
        String rule = "proxy_cookie_domain localhost example.org;";
        assertEquals("a=b; Domain=example.org; Path=/", changed("a=b; Domain=localhost; Path=/", rule));
        assertEquals("a=b; domain=.example.org", changed("a=b; domain=.LOCALHOST", rule));
        assertEquals("a=b;domain=sub.localhost", changed("a=b;domain=sub.localhost", rule));
        assertEquals("a=b; Domain=www.value", changed("a=b; Domain=www.Example.ORG",
                "proxy_cookie_domain ~^(w+)\\.example\\.org$ $1.$arg_v;"));
        assertEquals("a=b; Domain=x", changed("a=b; Domain=x", "proxy_cookie_domain off;"));
    }

    @Test
    @Effect("proxy_cookie_path")
    void proxyCookiePathChangesThePath() throws IOException {
        assertEquals("a=b; path=/some/uri/", changed("a=b; path=/two/some/uri/", "proxy_cookie_path /two/ /;"));
        assertEquals("a=b; path=/u/value", changed("a=b; path=/USER/x/y", "proxy_cookie_path ~*^/user/ /u/$arg_v;"));
        assertEquals("a=b; path=/USER/x", changed("a=b; path=/USER/x", "proxy_cookie_path ~^/user/ /u/;"));
        assertEquals("a=b; Path=/2", changed("a=b; Path=/1", "proxy_cookie_path /0 /9; proxy_cookie_path /1 /2;"));
    }

    @Test
    @Effect("proxy_cookie_flags")
    void proxyCookieFlagsSetsAndRemovesThem() throws IOException {
        assertEquals("a=b; Path=/; Secure; HttpOnly; SameSite=Strict",
                changed("a=b; Path=/", "proxy_cookie_flags a secure httponly samesite=strict;"));
        assertEquals("a=b; SameSite=Lax",
                changed("a=b; secure; samesite=none", "proxy_cookie_flags ~^A$ nosecure samesite=lax;"));
        assertEquals("a=b", changed("a=b;Secure;HttpOnly;SameSite=Lax", "proxy_cookie_flags a nosecure nohttponly nosamesite;"));
        assertEquals("value=1; Secure", changed("value=1", "proxy_cookie_flags $arg_v $arg_s;"));
        assertEquals("a=b; HttpOnly", changed("a=b", "proxy_cookie_flags a httponly; proxy_cookie_flags ~. secure;"));
        assertEquals("c=d;Max-Age=1", changed("c=d;Max-Age=1", "proxy_cookie_flags a secure;"));
    }

    @Test
    @Effect("proxy_pass_trailers")
    void proxyPassTrailersPassesThemOn() throws IOException {
        try (Origin origin = Origin.answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 7\r\n"
                + "X-Accel-Expires: 1\r\n\r\n");
             TestServer server = Serving.http("log_format trailer $upstream_trailer_x_sum; server { listen 127.0.0.1:0;"
                     + " access_log trailer.log trailer; location / {"
                     + " proxy_pass http://" + origin.address() + "; } location /t { proxy_pass http://" + origin.address()
                     + "; proxy_pass_trailers on; } }")) {
            assertTrue(server.get("/").endsWith("2\r\nok\r\n0\r\n\r\n"));
            assertTrue(server.get("/t").endsWith("2\r\nok\r\n0\r\nX-Sum: 7\r\n\r\n"));
            assertEquals("7", server.log("trailer.log").getLast());
        }
    }
}
