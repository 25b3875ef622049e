package io.selvage.perf.http;

import io.selvage.perf.input.UserError;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class DestinationTest {
    @Test
    void urlHasHostPortAndPath() throws UserError {
        Destination.Url url = Destination.parse("http://127.0.0.1:8080/a%20b?c=d#not-sent");
        assertEquals("/a%20b?c=d", url.path());
        assertEquals("127.0.0.1:8080", url.destination().host());
        assertEquals(new InetSocketAddress("127.0.0.1", 8080), url.destination().address());
    }

    @Test
    void portAndPathAreOptional() throws UserError {
        Destination.Url url = Destination.parse("http://[::1]");
        assertEquals("/", url.path());
        assertEquals("[::1]", url.destination().host());
        assertEquals(new InetSocketAddress(InetAddress.ofLiteral("::1"), 80), url.destination().address());
    }

    @Test
    void httpsIsEncryptedOnPort443() throws UserError {
        Destination.Url url = Destination.parse("https://127.0.0.1/x");
        assertEquals(new Destination(new InetSocketAddress("127.0.0.1", 443), "127.0.0.1", true), url.destination());
        assertEquals("https://127.0.0.1", url.destination().toString());
    }

    @Test
    void unixSocketIsWrittenAsInNginx() throws UserError {
        Destination.Url url = Destination.parse("http://unix:/run/app.sock:/x");
        assertEquals("/x", url.path());
        assertEquals(UnixDomainSocketAddress.of("/run/app.sock"), url.destination().address());
        assertEquals("/", Destination.parse("http://unix:/run/app.sock").path());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            127.0.0.1:80         | "127.0.0.1:80" is not a URL: Illegal character in scheme name
            ftp://127.0.0.1/     | "ftp://127.0.0.1/" is not of the form http[s]://host:port/path
            http://127.0.0.1:0/  | "http://127.0.0.1:0/": 0 is not a port number
            http://x.invalid/    | "http://x.invalid/": the name x.invalid cannot be resolved
            http://unix::/x      | "http://unix::/x" is not of the form http://unix:/path/to.sock:/path
            """)
    void wrongUrlIsReportedInOneLine(String url, String message) {
        assertEquals(message, assertThrows(UserError.class, () -> Destination.parse(url)).getMessage());
    }
}
