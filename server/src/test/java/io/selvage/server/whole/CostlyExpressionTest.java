package io.selvage.server.whole;

import io.selvage.server.net.Io;
import java.io.IOException;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertTrue;

/// A regular expression that a client's text makes search without end.
@Timeout(60)
class CostlyExpressionTest {

    @ParameterizedTest
    @MethodSource("io.selvage.server.net.Ios#all")
    void costsOneRequestAndIsLogged(Io io) throws IOException {
        String path = "/" + "a".repeat(200) + "!";
        try (TestServer server = TestServer.nginx(io, """
                server {
                    listen 127.0.0.1:0;
                    server_name ~^((w+)\\2?)+\\.a$ a;
                    location ~ ^/((a+)\\2?)+$ { return 200 found; }
                    location / { return 200 other; }
                }
                """)) {
            assertTrue(server.get(path).startsWith("HTTP/1.1 500 "));
            assertTrue(server.get("/aaa").endsWith("found"));
            String host = "GET / HTTP/1.1\r\nHost: " + "w".repeat(200) + "\r\nConnection: close\r\n\r\n";
            assertTrue(server.ask(host).startsWith("HTTP/1.1 500 "));
            String log = String.join("\n", server.errorLog());
            assertTrue(log.contains("the regular expression \"^/((a+)\\2?)+$\" takes too many steps on \""
                    + path.substring(0, 200) + "\", client: 127.0.0.1"), log);
            assertTrue(log.contains("the regular expression \"^((w+)\\2?)+\\.a$\" takes too many steps"), log);
        }
    }
}
