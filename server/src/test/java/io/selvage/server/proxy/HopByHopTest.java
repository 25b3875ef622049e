package io.selvage.server.proxy;

import io.selvage.server.http.FieldNameSet;
import io.selvage.server.http.Headers;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class HopByHopTest {
    private static final FieldNameSet DROPPED = FieldNameSet.of(HopByHop.OF_REQUESTS);

    private static Headers passed(Headers sent) {
        Set<String> named = HopByHop.namedBy(sent);
        return sent.without(name -> DROPPED.contains(name) || named.contains(name.toLowerCase(Locale.ROOT)));
    }

    @Test
    void hopByHopFieldsDoNotReachPeer() {
        Headers sent = Headers.of("Host", "a", "Connection", "keep-alive", "Keep-Alive", "timeout=5", "TE", "trailers",
                "Trailer", "X-Sum", "Upgrade", "h2c", "HTTP2-Settings", "AAMA", "Proxy-Connection", "close",
                "Proxy-Authorization", "Basic eA==", "Transfer-Encoding", "chunked", "Expect", "100-continue", "Accept", "*/*");
        assertEquals(Headers.of("Host", "a", "Accept", "*/*"), passed(sent));
    }

    @Test
    void fieldsNamedByConnectionDoNotReachPeer() {
        Headers sent = Headers.of("Connection", "close, X-Hop", "x-hop", "1", "Connection", "x-second", "X-Second", "2",
                "X", "3");
        assertEquals(Headers.of("X", "3"), passed(sent));
    }

    @Test
    void connectionCannotRemoveIdentityOrLength() {
        Headers sent = Headers.of("Host", "a", "Connection", "Host, Content-Length, X-Forwarded-For, Authorization, Cookie",
                "Content-Length", "3", "X-Forwarded-For", "1.2.3.4", "Authorization", "Basic eA==", "Cookie", "a=b");
        assertEquals(sent.without("Connection"), passed(sent));
    }
}
