package io.selvage.server.wiring;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class ExplainRequestTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "GET | http://a/b?c=d         | GET /b?c=d HTTP/1.1, Host: a",
        "GET | http://a               | GET / HTTP/1.1, Host: a",
        "GET | http://a?x             | GET /?x HTTP/1.1, Host: a",
        "PUT | https://[::1]:8443/b#f | PUT /b HTTP/1.1, Host: [::1]:8443",
        "GET | /b//c                  | GET /b//c HTTP/1.1, Host: localhost",
        "OPTIONS | *                  | OPTIONS * HTTP/1.1, Host: localhost",
    })
    void headIsThatOfAClient(String method, String url, String head) {
        assertEquals(head.replace(", ", "\r\n") + "\r\n\r\n", head(method, url));
    }

    @Test
    void hostCanBeGivenAsAField() {
        assertEquals("GET /x HTTP/1.1\r\nhost: b\r\nX: y\r\n\r\n", head("GET", "http://a/x", "host: b", "X: y"));
    }

    @Test
    void charactersOutsideAsciiAreUtf8() {
        assertEquals("GET /\u00c3\u00a9 HTTP/1.1\r\nHost: a\r\n\r\n", head("GET", "http://a/\u00e9"));
    }

    private static String head(String method, String url, String... fields) {
        return new String(request(method, url, fields).head(), StandardCharsets.ISO_8859_1);
    }

    private static ExplainRequest request(String method, String url, String... fields) {
        return new ExplainRequest(method, url, List.of(fields), InetAddress.getLoopbackAddress());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "GET   | ftp://a/         | '\"ftp://a/\" is neither a URL that begins with http:// or https:// nor a path'",
        "GET   | shop             | '\"shop\" is neither a URL that begins with http:// or https:// nor a path'",
        "GET   | ''               | '\"\" is neither a URL that begins with http:// or https:// nor a path'",
        "GET   | http:///x        | 'the URL \"http:///x\" has no host'",
        "GET   | http://a:b/      | 'the URL \"http://a:b/\" has no valid port'",
        "GET   | http://a:70000/  | 'the URL \"http://a:70000/\" has no valid port'",
        "GET   | '/a b'           | 'the URL \"/a b\" contains a space or a control character'",
        "'G T' | /                | '\"G T\" is no method'",
        "''    | /                | '\"\" is no method'",
    })
    void whatIsNoRequestIsRefused(String method, String url, String problem) {
        assertEquals(problem, assertThrows(IllegalArgumentException.class, () -> request(method, url)).getMessage());
    }

    @ParameterizedTest
    @CsvSource({"X", ": y", "''"})
    void whatIsNoFieldIsRefused(String field) {
        assertThrows(IllegalArgumentException.class, () -> request("GET", "/", field));
    }

    @Test
    void aFieldHasOneLine() {
        assertThrows(IllegalArgumentException.class, () -> request("GET", "/", "X: y\r\nEvil: z"));
    }
}
