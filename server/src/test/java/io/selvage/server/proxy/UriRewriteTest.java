package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class UriRewriteTest {
    private static final UriRewrite AS_IT_CAME = new UriRewrite.AsItCame();

    private final FakeClient client = new FakeClient();

    @ParameterizedTest
    @ValueSource(strings = {"/", "/a%2fb", "/a?", "/a?b=c&d", "/%7Euser/x;v=1", "/a?x=%20+y"})
    void targetIsUnchangedWithoutPath(String target) {
        assertEquals(target, AS_IT_CAME.target(client.asks("GET", target)));
    }

    @Test
    void redirectedPathIsEncodedAgain() throws Failure {
        Exchange exchange = client.asks("GET", "/old?x");
        exchange.routing().redirect("/new place/100%/\u00e9", "a=b");
        assertEquals("/new%20place/100%25/%E9?a=b", AS_IT_CAME.target(exchange));
    }

    @ParameterizedTest
    @CsvSource({
        "/name/, /remote/, /name/a/b, /remote/a/b",
        "/name/, /, /name/a?q=1, /a?q=1",
        "/name/, /remote, /name/a, /remotea",
        "/name, /, /name/a, //a",
        "/name/, /remote/, /name/, /remote/",
        "/name/, /r/, /name/a%20b%3fc, /r/a%20b%3Fc",
        "/name/, /r/, /name/a%0d%0aX: y, /r/a%0D%0AX:%20y"
    })
    void pathReplacesMatchedPrefix(String location, String path, String asked, String passed) {
        assertEquals(passed, new UriRewrite.Replacing(location, path).target(client.asks("GET", asked)));
    }

    @Test
    void rewrittenPathIsSentWhole() {
        Exchange exchange = client.asks("GET", "/name/a?q");
        exchange.routing().rewrite("/name/b c", "q", false);
        assertEquals("/name/b%20c?q", new UriRewrite.Replacing("/name/", "/remote/").target(exchange));
    }

    @Test
    void pathOfAFileThatWasFoundIsNotSent() {
        Exchange exchange = client.asks("GET", "/a%2fb?q");
        exchange.routing().replacePath("/index.html");
        assertEquals("/a%2fb?q", AS_IT_CAME.target(exchange));
    }

    @ParameterizedTest
    @CsvSource({"/a%20b?c, /a%20b?c", "?q, /?q", "'/a b', /a%20b", "'', /"})
    void targetFromVariablesIsSentUnchanged(String written, String passed) {
        assertEquals(passed, new UriRewrite.Written(written).target(client.asks("GET", "/ignored?x")));
    }

    /// The peer would read a fragment from there on (RFC 3986 §3.5).
    @ParameterizedTest
    @CsvSource({"/a#b, /a%23b", "/u?from=/a#b&x, /u?from=/a%23b&x"})
    void numberSignInVariableIsEncoded(String written, String passed) {
        assertEquals(passed, new UriRewrite.Written(written).target(client.asks("GET", "/a%23b")));
    }

    @Test
    void lineEndInVariableIsEncoded() {
        assertEquals("/a%0D%0AX:%20y", new UriRewrite.Written("/a\r\nX: y").target(client.asks("GET", "/")));
    }
}
