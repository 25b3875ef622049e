package io.selvage.server.whole;

import io.selvage.server.net.Io;
import io.selvage.server.proxy.Origin;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Variables whose values require a running server.
@Timeout(60)
class VariablesInUseTest {

    @Test
    void pipelinedRequestsAreMarked() throws IOException {
        try (TestServer server = TestServer.nginx(Io.jdk(), """
                log_format pipe '$uri $pipe';
                server { listen 127.0.0.1:0; access_log pipe.log pipe; return 204; }
                """)) {
            try (RawClient client = server.connect()) {
                client.send("GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n");
                client.readHead();
                client.readHead();
                client.send("GET /c HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").readToEnd();
            }
            server.stop(Duration.ofSeconds(50));

            assertEquals(List.of("/a .", "/b p", "/c ."), server.lines("pipe.log"));
        }
    }

    @Test
    void expiresCountsFromTheLastModification() throws IOException {
        try (TestServer server = TestServer.nginx(Io.jdk(), """
                server { listen 127.0.0.1:0; root .; expires modified $arg_e; }
                """, "a", "x")) {
            assertTrue(server.get("/a?e=-5").contains("\r\nCache-Control: no-cache\r\n"));
            assertTrue(server.get("/a?e=2d").contains("\r\nCache-Control: max-age=172"));
            assertFalse(server.get("/a?e=often").contains("\r\nCache-Control:"));
            assertFalse(server.get("/a?e=epoch").contains("\r\nCache-Control:"));
        }
    }

    @Test
    void expiresAtATimeOfDay() throws IOException {
        try (TestServer server = TestServer.nginx(Io.jdk(), """
                server { listen 127.0.0.1:0; root .; expires $arg_e; }
                """, "a", "x")) {
            assertTrue(server.get("/a?e=@7m21s").matches("(?s).*\r\nExpires: [^\r]*:07:21 GMT\r\n.*"));
            assertFalse(server.get("/a?e=@25h").contains("\r\nExpires:"));
        }
    }

    @ParameterizedTest
    @MethodSource("io.selvage.server.net.Ios#all")
    void kernelsMeasuresOfTheConnectionAreVariables(Io io) throws IOException {
        try (TestServer server = TestServer.nginx(io, """
                server {
                    listen 127.0.0.1:0;
                    return 200 '$tcpinfo_rtt $tcpinfo_rttvar $tcpinfo_snd_cwnd $tcpinfo_rcv_space';
                }
                """)) {
            String answer = server.get("/");
            assertTrue(answer.matches("(?s).*\r\n\r\n[1-9]\\d* \\d+ [1-9]\\d* [1-9]\\d*"), answer);
        }
    }

    @Test
    void requestBodyIsAvailableInMemory() throws IOException {
        try (Origin origin = Origin.answering("HTTP/1.1 204 No Content\r\n\r\n");
             TestServer server = TestServer.nginx(Io.jdk(), """
                log_format body '$uri $request_body';
                server {
                    listen 127.0.0.1:0;
                    access_log body.log body;
                    location / { proxy_pass http://%1$s; }
                    location /long { proxy_pass http://%1$s; client_body_buffer_size 2; }
                    location /streamed { proxy_pass http://%1$s; proxy_request_buffering off; }
                    location /instead {
                        proxy_pass http://%1$s;
                        proxy_set_body "<$request_body>";
                        proxy_set_header X $request_body;
                    }
                    location /unread { return 204; }
                }
                """.formatted(origin.address()))) {
            for (String path : List.of("/held", "/long", "/streamed", "/instead", "/unread")) {
                server.ask("POST " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 4\r\n\r\na=\"b");
            }
            server.get("/none");
            server.stop(Duration.ofSeconds(50));
            assertEquals(List.of("/held a=\\x22b", "/long -", "/streamed a=\\x22b", "/instead a=\\x22b", "/unread -", "/none -"),
                    server.lines("body.log"));
            String instead = origin.requests().get(3);
            assertTrue(instead.contains("\r\nX: a=\"b\r\n") && instead.endsWith("\r\n\r\n<a=\"b>"), instead);
        }
    }

    @Test
    void siteNameWithALeadingDotHasNoDot() throws IOException {
        try (TestServer server = TestServer.nginx(Io.jdk(), """
                server { listen 127.0.0.1:0; server_name .shop.test; return 200 "<$server_name>"; }
                """)) {
            assertTrue(server.get("/").endsWith("\r\n\r\n<shop.test>"));
        }
    }
}
