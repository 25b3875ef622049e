package io.selvage.server.whole;

import io.selvage.server.net.Io;
import io.selvage.server.proxy.Origin;
import io.selvage.server.proxy.ReceivedPacket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The proxies that a request has passed, and how many more it may pass.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class HopsTest {
    @Parameter
    private Io io;
    private Origin origin;
    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        origin = Origin.answering("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npeer");
        server = TestServer.nginx(io, """
                server {
                    listen 127.0.0.1:0;
                    location / { proxy_pass http://%1$s; }
                    location /forwarded {
                        proxy_pass http://%1$s;
                        proxy_set_header X-Real-IP $remote_addr;
                        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                        proxy_set_header X-Forwarded-Proto $scheme;
                        proxy_set_header Forwarded "";
                    }
                    location /unmarked { proxy_pass http://%1$s; proxy_set_header CDN-Loop $http_cdn_loop; }
                    location /circle { proxy_pass http://$server_addr:$server_port; }
                    location /twice { proxy_pass http://$server_addr:$server_port/; }
                }
                """.formatted(origin.address()));
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        origin.close();
    }

    private String asked(String request) throws IOException {
        return server.ask(request + "Connection: close\r\n\r\n");
    }

    /// The values of a field in the last request that the peer saw.
    private List<String> peerSaw(String name) {
        return origin.requests().getLast().lines().filter(line -> line.regionMatches(true, 0, name + ": ", 0, name.length() + 2))
                .map(line -> line.substring(name.length() + 2)).toList();
    }

    @Test
    void forwardedFieldsAreReplacedOrExtended() throws IOException {
        for (String said : List.of("X-Real-IP: 1.1.1.1\r\nX-Real-IP: 2.2.2.2\r\nx-real-ip: 3.3.3.3\r\n",
                "X-Forwarded-Proto: https\r\nX-Forwarded-Proto: javascript:\r\n",
                "Forwarded: for=1.1.1.1;by=\"[::1\r\nForwarded: ;;,,\r\n", "Connection: X-Real-IP, X-Forwarded-For\r\n",
                "X_Real_IP: 1.1.1.1\r\nX_Forwarded_For: 1.1.1.1\r\n")) {
            asked("GET /forwarded HTTP/1.1\r\nHost: a\r\n" + said);
            assertEquals(List.of("127.0.0.1"), peerSaw("X-Real-IP"), said);
            assertEquals(List.of("127.0.0.1"), peerSaw("X-Forwarded-For"), said);
            assertEquals(List.of("http"), peerSaw("X-Forwarded-Proto"), said);
            assertEquals(List.of(), peerSaw("Forwarded"), said);
            assertFalse(origin.requests().getLast().contains("_"), said);
        }
        asked("GET /forwarded HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 1.1.1.1\r\nX-Forwarded-For: \"junk, [::1\r\n");
        assertEquals(List.of("1.1.1.1, \"junk, [::1, 127.0.0.1"), peerSaw("X-Forwarded-For"));
    }

    @Test
    void forwardedFieldsAreLimitedLikeOthers() throws IOException {
        String answer = asked("GET /forwarded HTTP/1.1\r\nHost: a\r\n" + "X-Forwarded-For: 1.1.1.1\r\n".repeat(10_000));
        assertTrue(answer.matches("(?s)HTTP/1.1 4(31|00) .*"), answer);
        assertEquals(0, origin.received());
    }

    @Test
    void optionsWithMaxForwardsZeroIsAnswered() throws IOException {
        for (String zero : List.of("0", "00", " 0\t")) {
            String answer = asked("OPTIONS /x HTTP/1.1\r\nHost: a\r\nMax-Forwards: " + zero + "\r\n");
            assertTrue(answer.startsWith("HTTP/1.1 200 ") && answer.endsWith("\r\n\r\n"), answer);
        }
        assertEquals(0, origin.received());
    }

    @Test
    void maxForwardsOfOptionsIsDecremented() throws IOException {
        asked("OPTIONS /x HTTP/1.1\r\nHost: a\r\nMax-Forwards: 7\r\nConnection: Max-Forwards\r\n");
        assertEquals(List.of("6"), peerSaw("Max-Forwards"));
        asked("OPTIONS /x HTTP/1.1\r\nHost: a\r\nMax-Forwards: " + "9".repeat(100) + "\r\n");
        assertEquals(List.of("999999998"), peerSaw("Max-Forwards"));
        for (String junk : List.of("-1", "1.0", "ten", "1, 2")) {
            asked("OPTIONS /x HTTP/1.1\r\nHost: a\r\nMax-Forwards: " + junk + "\r\n");
            assertEquals(List.of(junk), peerSaw("Max-Forwards"));
        }
        asked("GET /x HTTP/1.1\r\nHost: a\r\nMax-Forwards: 0\r\n");
        assertEquals(List.of("0"), peerSaw("Max-Forwards"));
        assertTrue(asked("TRACE /x HTTP/1.1\r\nHost: a\r\nMax-Forwards: 0\r\n").startsWith("HTTP/1.1 405 "));
    }

    @Test
    void requestLoopIs508() throws IOException {
        String answer = server.get("/circle");
        assertTrue(answer.startsWith("HTTP/1.1 508 Loop Detected\r\n"), answer);
        List<String> errors = server.errorLog();
        assertEquals(1, errors.size(), errors.toString());
        assertTrue(errors.getFirst().contains("is in a loop"), errors.toString());
        assertEquals(Collections.nCopies(11, "GET /circle HTTP/1.1|508"), server.accessLog());
    }

    @Test
    void requestLoopThroughAnApplicationIs508() throws IOException {
        try (Origin application = Origin.scripted(HopsTest::passItOn);
             TestServer around = TestServer.nginx(io, """
                     server {
                         listen 127.0.0.1:0;
                         location / { uwsgi_pass %s; uwsgi_param SERVER_PORT $server_port; }
                     }
                     """.formatted(application.address()))) {
            String answer = around.get("/around");
            assertTrue(answer.startsWith("HTTP/1.1 508 Loop Detected\r\n"), answer);
            List<String> requests = around.accessLog();
            assertEquals(11, requests.size(), requests.toString());
            assertTrue(requests.stream().allMatch(line -> line.endsWith("|508")), requests.toString());
        }
    }

    /// An application that is a gateway: it sends a request to the server from which it got one.
    private static void passItOn(Origin.Wire wire) throws IOException {
        ReceivedPacket packet = ReceivedPacket.from(wire);
        try (Socket server = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(packet.value("SERVER_PORT")))) {
            String request = "GET /around HTTP/1.0\r\nCDN-Loop: " + packet.value("HTTP_CDN_LOOP") + "\r\n\r\n";
            server.getOutputStream().write(request.getBytes(ISO_8859_1));
            wire.send(new String(server.getInputStream().readAllBytes(), ISO_8859_1));
        }
    }

    @Test
    void sitesMayProxyToEachOther() throws IOException {
        assertTrue(server.get("/twice").endsWith("\r\n\r\npeer"));
        String mark = peerSaw("CDN-Loop").getFirst();
        assertTrue(mark.matches("(selvage-[0-9a-f]{8}), \\1"), mark);
    }

    @Test
    void cdnLoopOfOthersIsKept() throws IOException {
        asked("GET / HTTP/1.1\r\nHost: a\r\nCDN-Loop: cdn.example\r\nVia: 1.1 other\r\nConnection: CDN-Loop\r\n");
        String mark = peerSaw("CDN-Loop").getFirst();
        assertTrue(mark.matches("cdn.example, selvage-[0-9a-f]{8}"), mark);
        assertEquals(List.of("1.1 other"), peerSaw("Via"));
    }

    @Test
    void cdnLoopCanBeSetOff() throws IOException {
        server.get("/unmarked");
        assertEquals(List.of(), peerSaw("CDN-Loop"));
        asked("GET /unmarked HTTP/1.1\r\nHost: a\r\nCDN-Loop: other\r\n");
        assertEquals(List.of("other"), peerSaw("CDN-Loop"));
    }

    @Test
    void acceptedEncodingsArePassedOn() throws IOException {
        String gzipped = "\u001f\u008b\u0008\0\0\0\0\0\0\u0003";
        for (String accepted : List.of("gzip;q=0, identity;q=0", "*;q=0", "gzip;q=nan,,;", "a,".repeat(3000))) {
            String answer = server.ask("POST / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: " + accepted
                    + "\r\nContent-Encoding: gzip, gzip, br\r\nContent-Length: " + gzipped.length()
                    + "\r\nConnection: close\r\n\r\n" + gzipped);
            assertTrue(answer.endsWith("\r\n\r\npeer"), answer);
            assertEquals(List.of(accepted), peerSaw("Accept-Encoding"));
            assertEquals(List.of("gzip, gzip, br"), peerSaw("Content-Encoding"));
            assertTrue(origin.requests().getLast().endsWith("\r\n\r\n" + gzipped));
        }
    }
}
