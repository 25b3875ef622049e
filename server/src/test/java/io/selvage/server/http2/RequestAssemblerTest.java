package io.selvage.server.http2;

import io.selvage.server.http.Authority;
import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.Headers;
import io.selvage.server.http.HostOptions;
import io.selvage.server.http.Method;
import io.selvage.server.http.Target;
import io.selvage.server.http.Version;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RequestAssemblerTest {
    private static final ClientOptions.Head RULES = ClientOptions.DEFAULT.head();

    private final RequestAssembler assembler = new RequestAssembler(RULES, HostOptions.SAME);

    private AssembledRequest request(boolean endStream, String... fields) throws Http2Error {
        assembler.begin();
        boolean complete = new HpackDecoder(4096, 1 << 16).decode(Blocks.plain(fields), assembler);
        return assembler.finish(complete, endStream, 77);
    }

    /// Fields in a text: `name=value;name=value`. `GET` stands for the pseudo-header fields of a GET.
    private AssembledRequest request(String text) throws Http2Error {
        String all = text.replaceFirst("^GET;", ":method=GET;:scheme=https;:path=/;:authority=a.example;");
        String[] parts = all.split(";");
        String[] fields = new String[2 * parts.length];
        for (int i = 0; i < parts.length; i++) {
            int equals = parts[i].indexOf('=');
            fields[2 * i] = parts[i].substring(0, equals);
            fields[2 * i + 1] = parts[i].substring(equals + 1).translateEscapes();
        }
        return request(true, fields);
    }

    @Test
    void aRequestIsLikeOneOfHttp1() throws Http2Error {
        var valid = assertInstanceOf(AssembledRequest.Valid.class, request(false, ":method", "POST", ":scheme", "https",
                ":authority", "Shop.example:8443", ":path", "/a%20b?c", "cookie", "a=1", "x-y", "z", "cookie", "b=2",
                "content-length", "12", "te", "trailers", "x_y", "dropped"));
        var head = valid.head();
        assertEquals(Method.POST, head.method());
        assertEquals(new Target(Target.Form.ORIGIN, "/a%20b?c", "/a b", "c", ""), head.target());
        assertEquals(Version.HTTP_2, head.version());
        assertEquals(Headers.of("Host", "Shop.example:8443", "x-y", "z", "content-length", "12", "te", "trailers",
                "cookie", "a=1; b=2"), head.headers());
        assertEquals(Optional.of(new Authority("shop.example", 8443)), head.host());
        assertEquals("POST /a%20b?c HTTP/2.0", head.requestLine());
        assertEquals(77, head.size());
        assertEquals("https", valid.scheme());
        assertEquals("", valid.protocol());
        assertEquals(12, valid.contentLength());
    }

    @Test
    void extendedConnectNamesItsProtocol() throws Http2Error {
        var valid = assertInstanceOf(AssembledRequest.Valid.class, request(false, ":method", "CONNECT", ":protocol", "websocket",
                ":scheme", "https", ":path", "/chat", ":authority", "a.example"));
        assertEquals("websocket", valid.protocol());
        assertEquals("/chat", valid.head().target().path());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            :scheme=https;:path=/;:authority=a                       | no :method
            :method=GET;:path=/;:authority=a                         | no :scheme, or an unknown one
            :method=GET;:scheme=gopher;:path=/;:authority=a          | no :scheme, or an unknown one
            :method=GET;:scheme=https;:authority=a                   | no :path
            :method=GET;:scheme=https;:path=;:authority=a            | no :path
            :method=GET;:scheme=https;:path=b;:authority=a           | an invalid :path
            :method=GET;:scheme=https;:path=*;:authority=a           | an invalid :path
            :method=GET;:scheme=https;:path=/ b;:authority=a         | an invalid :path
            :method=GET;:scheme=https;:path=http://b/;:authority=a   | an invalid :path
            ':method=GET;:scheme=https;:path=/\\r\\nb: c;:authority=a' | an invalid pseudo-header field
            ':method=GET;:scheme=https;:path=/\\0;:authority=a'      | an invalid pseudo-header field
            ':method=GET ;:scheme=https;:path=/;:authority=a'        | an invalid pseudo-header field
            GET;:method=GET                                          | a pseudo-header field twice
            GET;:path=/                                              | a pseudo-header field twice
            GET;:scheme=http                                         | a pseudo-header field twice
            GET;:authority=a.example                                 | a pseudo-header field twice
            GET;:status=200                                          | an unknown pseudo-header field
            GET;:=x                                                  | an unknown pseudo-header field
            GET;:protocol=websocket                                  | :protocol without CONNECT and :authority
            GET;a=b;:path=/                                          | a pseudo-header field behind a field
            :method=GET;:scheme=https;host=a;:path=/                 | a pseudo-header field behind a field
            GET;Accept=b                                             | an invalid field name
            GET;a b=c                                                | an invalid field name
            GET;=c                                                   | an invalid field name
            GET;a:b=c                                                | an invalid field name
            'GET;a\u0080=c'                                          | an invalid field name
            'GET;a= c'                                               | an invalid character in a field
            'GET;a=c\\t;b=c'                                         | an invalid character in a field
            'GET;a=b\\nc'                                            | an invalid character in a field
            'GET;a=b\\rc'                                            | an invalid character in a field
            'GET;a=b\\0c'                                            | an invalid character in a field
            GET;connection=close                                     | a field of the connection: connection
            GET;keep-alive=1                                         | a field of the connection: keep-alive
            GET;proxy-connection=close                               | a field of the connection: proxy-connection
            GET;transfer-encoding=chunked                            | a field of the connection: transfer-encoding
            GET;upgrade=h2c                                          | a field of the connection: upgrade
            GET;te=gzip                                              | TE other than trailers
            GET;te=trailers, gzip                                    | TE other than trailers
            GET;host=b.example                                       | Host differs from :authority
            GET;host=a.example;host=a.example                        | more than one Host
            GET;content-length=0;content-length=0                    | more than one Content-Length
            GET;content-length=x                                     | an invalid Content-Length
            GET;content-length=                                      | an invalid Content-Length
            GET;content-length=+1                                    | an invalid Content-Length
            GET;content-length=1234567890123456789                   | an invalid Content-Length
            GET;content-length=5                                     | Content-Length without DATA
            :method=CONNECT;:authority=a:1;:path=/                   | CONNECT with :path or :scheme
            :method=CONNECT;:authority=a:1;:scheme=https             | CONNECT with :path or :scheme
            :method=CONNECT;:protocol=websocket;:scheme=https;:path=/ | :protocol without CONNECT and :authority
            """)
    void malformedRequests(String fields, String reason) throws Http2Error {
        assertEquals(reason, assertInstanceOf(AssembledRequest.Malformed.class, request(fields)).reason());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            :method=GET;:scheme=https;:path=/                        | 400 | neither :authority nor Host
            :method=GET;:scheme=https;:path=/;:authority=a@b         | 400 | an invalid :authority or Host
            :method=GET;:scheme=https;:path=/;:authority=a..b        | 400 | an invalid :authority or Host
            :method=GET;:scheme=https;:path=/;host=a/b               | 400 | an invalid :authority or Host
            :method=G(T;:scheme=https;:path=/;:authority=a           | 400 | an invalid method
            :method=TRACE;:scheme=https;:path=/;:authority=a         | 405 | a method that is never served
            :method=CONNECT;:authority=a:443                         | 405 | a method that is never served
            'GET;a=b\\1c'                                            | 400 | a control character in a field
            """)
    void refusedRequests(String fields, int status, String reason) throws Http2Error {
        var refused = assertInstanceOf(AssembledRequest.Refused.class, request(fields));
        assertEquals(status + " " + reason, refused.why().status().code() + " " + refused.why().reason());
    }

    @Test
    void aBadEscapeInThePathIsRefusedAsInHttp1() throws Http2Error {
        var refused = assertInstanceOf(AssembledRequest.Refused.class,
                request(true, ":method", "GET", ":scheme", "https", ":path", "/%zz", ":authority", "a"));
        assertEquals(400, refused.why().status().code());
        assertEquals("GET /%zz HTTP/2.0", refused.soFar().requestLine());
    }

    @Test
    void hostMayStandForTheAuthority() throws Http2Error {
        var valid = assertInstanceOf(AssembledRequest.Valid.class,
                request(true, ":method", "OPTIONS", ":scheme", "http", ":path", "*", "host", "A.example"));
        assertEquals(Headers.of("Host", "A.example"), valid.head().headers());
        assertEquals(Optional.of(new Authority("a.example", 0)), valid.head().host());
        assertEquals(Target.Form.ASTERISK, valid.head().target().form());
    }

    @Test
    void tooLargeHeadsAreAnswered() throws Http2Error {
        String[] large = {":method", "GET", ":scheme", "https", ":path", "/" + "a".repeat(9000), ":authority", "a"};
        assertEquals(414, assertInstanceOf(AssembledRequest.Refused.class, request(true, large)).why().status().code());
        String[] field = {":method", "GET", ":scheme", "https", ":path", "/", ":authority", "a", "x", "a".repeat(9000)};
        assertEquals(431, assertInstanceOf(AssembledRequest.Refused.class, request(true, field)).why().status().code());
        String[] all = {":method", "GET", ":scheme", "https", ":path", "/", ":authority", "a", "x", "a".repeat(8000)};
        assembler.begin();
        boolean complete = new HpackDecoder(4096, 1000).decode(Blocks.plain(all), assembler);
        var refused = assertInstanceOf(AssembledRequest.Refused.class, assembler.finish(complete, true, 1));
        assertEquals(431, refused.why().status().code());
        assertEquals(Optional.of(new Authority("a", 0)), refused.soFar().host());
    }

    @Test
    void fieldsAreCounted() throws Http2Error {
        String[] fields = new String[8 + 2 * 1001];
        String[] pseudo = {":method", "GET", ":scheme", "https", ":path", "/", ":authority", "a"};
        System.arraycopy(pseudo, 0, fields, 0, 8);
        for (int i = 8; i < fields.length; i += 2) {
            fields[i] = "x";
            fields[i + 1] = "y";
        }
        assertEquals(431, assertInstanceOf(AssembledRequest.Refused.class, request(true, fields)).why().status().code());
    }

    @Test
    void theRulesAreThoseOfTheSiteThatIsAskedFor() throws Http2Error {
        var keeping = new ClientOptions.Head(1024, 4, 8192, 1000, RULES.timeout(), true, true, false);
        var both = new RequestAssembler(RULES, host -> Optional.of(keeping).filter(_ -> host.host().equals("keeps")));
        for (String host : new String[] {"keeps", "drops"}) {
            both.begin();
            new HpackDecoder(4096, 1 << 16).decode(Blocks.plain(":method", "GET", ":scheme", "https", ":path", "//b",
                    ":authority", host, "x_y", "z"), both);
            var head = assertInstanceOf(AssembledRequest.Valid.class, both.finish(true, true, 1)).head();
            boolean keeps = host.equals("keeps");
            assertEquals(keeps, head.headers().contains("x_y"));
            assertEquals(keeps ? "//b" : "/b", head.target().path());
        }
    }

    @Test
    void anAssemblerForgetsTheRequestBefore() throws Http2Error {
        assertInstanceOf(AssembledRequest.Malformed.class, request("GET;connection=close;content-length=5;cookie=a"));
        var next = assertInstanceOf(AssembledRequest.Valid.class, request("GET;a=b"));
        assertEquals(Headers.of("Host", "a.example", "a", "b"), next.head().headers());
        assertEquals(-1, next.contentLength());
        assertTrue(next.protocol().isEmpty());
    }
}
