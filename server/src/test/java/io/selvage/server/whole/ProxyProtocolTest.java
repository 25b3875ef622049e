package io.selvage.server.whole;

import io.selvage.server.net.Io;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// `listen ... proxy_protocol`: a proxy names the client before the client's bytes.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class ProxyProtocolTest {
    private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    private static final String LINE = "PROXY TCP4 192.0.2.1 192.0.2.2 123 5678\r\n";
    private static final String BINARY = "\r\n\r\n\0\r\nQUIT\n"
            + "\41\21\0\26\u00c0\0\2\1\u00c0\0\2\2\0\u007b\u0016\u002e\2\0\1h\u00ea\0\1v";

    @Parameter
    private Io io;

    private TestServer server(String more) throws IOException {
        return TestServer.nginx(io, """
                server {
                    listen 127.0.0.1:0 proxy_protocol;
                    %s
                    location / {
                        return 200 "$remote_addr $proxy_protocol_addr:$proxy_protocol_port
                 $proxy_protocol_server_addr:$proxy_protocol_server_port
                 $proxy_protocol_tlv_authority$proxy_protocol_tlv_0x2 $proxy_protocol_tlv_0xea$proxy_protocol_tlv_alpn";
                    }
                }
                """.formatted(more));
    }

    private static String body(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4).replace("\n", "");
    }

    @Test
    void headerNamesTheClient() throws IOException {
        try (TestServer server = server("")) {
            assertEquals("127.0.0.1 192.0.2.1:123 192.0.2.2:5678  ", body(server.ask(LINE + GET)));
            assertEquals("127.0.0.1 192.0.2.1:123 192.0.2.2:5678 hh v", body(server.ask(BINARY + GET)));
            assertEquals("127.0.0.1 : :  ", body(server.ask("PROXY UNKNOWN\r\n" + GET)));
        }
    }

    @Test
    void headerIsTheSourceOfTheRealAddress() throws IOException {
        try (TestServer server = server("set_real_ip_from 127.0.0.1; real_ip_header proxy_protocol;")) {
            assertTrue(body(server.ask(LINE + GET)).startsWith("192.0.2.1 192.0.2.1:123"));
            assertTrue(body(server.ask("PROXY UNKNOWN\r\n" + GET)).startsWith("127.0.0.1 :"));
        }
        try (TestServer server = server("set_real_ip_from 10.0.0.1; real_ip_header proxy_protocol;")) {
            assertTrue(body(server.ask(LINE + GET)).startsWith("127.0.0.1 192.0.2.1:123"));
        }
    }

    @Test
    void headerMayComeInPieces() throws IOException {
        try (TestServer server = server(""); RawClient client = server.connect()) {
            for (char c : BINARY.toCharArray()) {
                client.send(String.valueOf(c));
            }
            client.send(GET.substring(0, 5)).send(GET.substring(5));
            assertEquals("127.0.0.1 192.0.2.1:123 192.0.2.2:5678 hh v", body(client.readToEnd()));
        }
    }

    @Test
    void oneHeaderIsForAllRequestsOfAConnection() throws IOException {
        try (TestServer server = server(""); RawClient client = server.connect()) {
            client.send(LINE + "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertTrue(client.readAnswer().contains(" 192.0.2.1:123"));
            client.send(GET);
            assertTrue(client.readToEnd().contains(" 192.0.2.1:123"));
        }
    }

    @Test
    void connectionWithoutAHeaderIsClosedAndLogged() throws IOException {
        try (TestServer server = server("")) {
            assertEquals("", server.ask(GET));
            assertEquals("", server.ask("PROXY TCP4 192.0.2.1 192.0.2.2 123 99999\r\n" + GET));
            int port = server.address().getPort();
            assertEquals(2, server.errorLog().stream().filter(line -> line.startsWith("[error] broken header: ")
                    && line.endsWith(" while reading PROXY protocol, client: 127.0.0.1, server: 127.0.0.1:" + port)).count());
        }
    }

    @Test
    void headerThatDoesNotComeInTimeEndsTheConnection() throws IOException {
        try (TestServer server = server("client_header_timeout 50ms;")) {
            assertEquals("", server.ask(""));
            assertEquals("", answerToHalf(server));
        }
    }

    private static String answerToHalf(TestServer server) throws IOException {
        try {
            return server.ask(LINE.substring(0, 20));
        } catch (SocketException _) {
            return "";                                     // the time was over before this thread sent anything
        }
    }

    @Test
    void connectionThatSaysNothingEndsWithTheServer() throws IOException {
        try (TestServer server = server(""); RawClient client = server.connect()) {
            server.ask(LINE + GET);                        // connections are accepted in order: the silent one was, too
            assertTrue(server.stop(Duration.ofSeconds(50)));
            assertEquals("", client.readToEnd());
        }
    }
}
