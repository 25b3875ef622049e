package io.selvage.server.effects;

import io.selvage.server.http2.FrameType;
import io.selvage.server.proxy.Http2Wire;
import io.selvage.server.proxy.Origin;
import io.selvage.server.proxy.Signal;
import io.selvage.server.whole.RawClient;
import io.selvage.server.whole.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static io.selvage.server.effects.PeerLanguage.upstream;
import static io.selvage.server.effects.Serving.body;
import static io.selvage.server.effects.Serving.field;
import static io.selvage.server.effects.Serving.get;
import static io.selvage.server.effects.Serving.http;
import static io.selvage.server.effects.Serving.site;
import static io.selvage.server.effects.Serving.status;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Peers that speak HTTP/2: `grpc_pass` and its directives, and `proxy_http_version 2`.
@Timeout(60)
class GrpcDirectivesTest {
    private static final String PLAIN_GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

    /// Responds to every request with this status, these fields, and the head of the request as the body.
    private static Origin responding(String status, String... fields) throws IOException {
        List<String> all = new ArrayList<>(List.of(":status", status));
        all.addAll(List.of(fields));
        return Origin.scripted(wire -> {
            Http2Wire frames = Http2Wire.greet(wire);
            while (true) {
                var request = frames.readRequest();
                String body = request.head().replaceFirst("cdn-loop: .*\n", "") + request.body();
                List<String> head = new ArrayList<>(all);
                head.addAll(List.of("content-length", Integer.toString(body.length())));
                frames.head(request.stream(), false, head.toArray(String[]::new)).data(request.stream(), true, body);
            }
        });
    }

    /// Reads what comes and responds to nothing.
    private static Origin silent() throws IOException {
        return Origin.scripted(wire -> {
            Http2Wire.greet(wire);
            wire.end();
        });
    }

    private static TestServer passing(Origin origin, String directives) throws IOException {
        return site(location("/", origin.address(), directives));
    }

    private static String location(String path, String address, String directives) {
        return "location " + path + " { grpc_pass " + address + "; " + directives + " }\n";
    }

    private static TestServer twoPeers(Origin first, Origin second, String directives) throws IOException {
        return http(upstream(first.address(), second.address()) + "server { listen 127.0.0.1:0; "
                + location("/", "app", directives) + "}");
    }

    @Test
    @Effect("grpc_pass")
    void grpcPassAsksThePeer() throws IOException {
        try (Origin origin = responding("200");
             TestServer server = site(location("/", origin.address(), "") + location("/g", "grpc://" + origin.address(), "")
                     + location("/v/", "$arg_to", ""))) {
            String expected = ":method: GET\n:scheme: http\n:path: %s\n:authority: " + origin.address() + "\n";
            assertEquals(expected.formatted("/x?y"), body(server.get("/x?y")));
            assertEquals(expected.formatted("/g"), body(server.get("/g")));
            String computed = "/v/?to=" + origin.address();
            assertEquals(expected.formatted(computed), body(server.get(computed)));
            computed = "/v/?to=grpc://" + origin.address();
            assertEquals(expected.formatted(computed), body(server.get(computed)));
        }
    }

    @Test
    void bodiesAndTrailersArePassed() throws IOException {
        try (Origin origin = Origin.scripted(wire -> {
            Http2Wire frames = Http2Wire.greet(wire);
            var request = frames.readRequest();
            frames.head(request.stream(), false, ":status", "200", "content-type", "application/grpc")
                    .data(request.stream(), false, "<" + request.body() + ">").head(request.stream(), true, "grpc-status", "0");
            wire.end();
        }); TestServer server = passing(origin, "")) {
            String answer = server.ask("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody");
            assertTrue(answer.endsWith("6\r\n<body>\r\n0\r\ngrpc-status: 0\r\n\r\n"), answer);
        }
    }

    @Test
    void aPeerThatSpeaksHttp1IsBadGateway() throws IOException {
        try (Origin origin = Origin.answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
             TestServer server = passing(origin, "")) {
            assertEquals(502, status(server.get("/")));
        }
    }

    @Test
    @Effect("proxy_http_version")
    void proxyHttpVersion2SpeaksHttp2() throws IOException {
        try (Origin origin = responding("200");
             TestServer server = site("location /a/ { proxy_http_version 2; proxy_method PUT; proxy_set_header Host b; "
                     + "proxy_set_body text; proxy_pass http://" + origin.address() + "/c/; }")) {
            assertEquals(":method: PUT\n:scheme: http\n:path: /c/x\n:authority: b\ncontent-length: 4\ntext",
                    body(server.get("/a/x")));
            assertEquals(1, origin.connections());
        }
    }

    @Test
    @Effect("grpc_set_header")
    void grpcSetHeaderSetsAField() throws IOException {
        try (Origin origin = responding("200");
             TestServer server = passing(origin, "grpc_set_header X-A $arg_a; grpc_set_header Host b; grpc_set_header X-B '';")) {
            assertEquals(":method: GET\n:scheme: http\n:path: /?a=1\n:authority: b\nx-a: 1\n",
                    body(get(server, "/?a=1", "X-A: client\r\nX-B: client\r\n")));
        }
    }

    @Test
    @Effect("grpc_buffer_size")
    void grpcBufferSizeLimitsTheHeadOfAResponse() throws IOException {
        try (Origin origin = responding("200", "x", "x".repeat(6000));
             TestServer usual = passing(origin, ""); TestServer large = passing(origin, "grpc_buffer_size 8k;")) {
            assertEquals(502, status(usual.get("/")));
            assertEquals(200, status(large.get("/")));
        }
    }

    @Test
    @Effect("grpc_connect_timeout")
    void grpcConnectTimeoutEndsTheWaitForAConnection() throws IOException {
        List<SocketChannel> waiting = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
             TestServer server = site(location("/", "127.0.0.1:" + full.getLocalPort(), "grpc_connect_timeout 50ms;"))) {
            for (int i = 0; i < 8; i++) {
                SocketChannel channel = SocketChannel.open();
                waiting.add(channel);
                channel.configureBlocking(false);
                channel.connect(full.getLocalSocketAddress());
            }
            assertEquals(504, status(server.get("/")));
        } finally {
            for (SocketChannel channel : waiting) {
                channel.close();
            }
        }
    }

    /// The window of the peer holds back what follows its 65,535 bytes.
    @Test
    @Effect("grpc_send_timeout")
    void grpcSendTimeoutEndsTheWaitForAPeerThatTakesNothing() throws IOException {
        try (Origin origin = silent(); TestServer server = passing(origin, "grpc_send_timeout 50ms;")) {
            String head = "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 100000\r\n\r\n";
            assertEquals(504, status(server.ask(head + "x".repeat(100_000))));
        }
    }

    @Test
    @Effect("grpc_read_timeout")
    void grpcReadTimeoutEndsTheWaitForAResponse() throws IOException {
        try (Origin origin = silent(); TestServer server = passing(origin, "grpc_read_timeout 50ms;")) {
            assertEquals(504, status(server.get("/")));
        }
    }

    @Test
    @Effect({"grpc_hide_header", "grpc_pass_header"})
    void grpcHideHeaderAndPassHeaderSayWhichFieldsReachTheClient() throws IOException {
        try (Origin origin = responding("200", "x-a", "1", "x-accel-expires", "2");
             TestServer usual = passing(origin, "");
             TestServer other = passing(origin, "grpc_hide_header X-A; grpc_pass_header X-Accel-Expires;")) {
            String answer = usual.get("/");
            assertEquals("1 ", field(answer, "X-A") + " " + field(answer, "X-Accel-Expires"));
            answer = other.get("/");
            assertEquals(" 2", field(answer, "X-A") + " " + field(answer, "X-Accel-Expires"));
        }
    }

    @Test
    @Effect("grpc_ignore_headers")
    void grpcIgnoreHeadersDoesNotObeyAField() throws IOException {
        try (Origin origin = responding("200", "x-accel-redirect", "/page");
             TestServer server = site("location = /page { return 200 page; }" + location("/", origin.address(), "")
                     + location("/b", origin.address(), "grpc_ignore_headers X-Accel-Redirect;"))) {
            assertEquals("page", body(server.get("/a")));
            assertTrue(body(server.get("/b")).startsWith(":method: GET"));
        }
    }

    @Test
    @Effect("grpc_intercept_errors")
    void grpcInterceptErrorsPutsErrorPagesInThePlaceOfResponses() throws IOException {
        try (Origin origin = responding("503");
             TestServer server = site("error_page 503 /page; location = /page { }" + location("/", origin.address(), "")
                     + location("/b", origin.address(), "grpc_intercept_errors on;"), "page", "ours")) {
            assertTrue(body(server.get("/a")).startsWith(":method: GET"));
            assertEquals("ours", body(server.get("/b")));
        }
    }

    @Test
    @Effect("grpc_next_upstream")
    void grpcNextUpstreamSaysAfterWhichResponsesAnotherPeerIsAsked() throws IOException {
        try (Origin busy = responding("503"); Origin good = responding("200");
             TestServer usual = twoPeers(busy, good, "");
             TestServer next = twoPeers(busy, good, "grpc_next_upstream http_503;")) {
            assertEquals(503, status(usual.get("/")));
            assertEquals(200, status(next.get("/")));
        }
    }

    @Test
    @Effect("grpc_next_upstream_tries")
    void grpcNextUpstreamTriesLimitsThem() throws IOException {
        try (Origin busy = responding("503"); Origin good = responding("200");
             TestServer server = twoPeers(busy, good, "grpc_next_upstream http_503; grpc_next_upstream_tries 1;")) {
            assertEquals(503, status(server.get("/")));
        }
    }

    /// The first peer takes longer than the tries may, and closes the connection.
    @Test
    @Effect("grpc_next_upstream_timeout")
    void grpcNextUpstreamTimeoutLimitsTheTimeOfAllTries() throws IOException {
        try (Origin closing = Origin.scripted(_ -> Thread.sleep(5)); Origin good = responding("200");
             TestServer usual = twoPeers(closing, good, "");
             TestServer limited = twoPeers(closing, good, "grpc_next_upstream_timeout 1ms;")) {
            assertEquals(200, status(usual.get("/")));
            assertEquals(502, status(limited.get("/")));
        }
    }

    @Test
    @Effect("grpc_bind")
    void grpcBindSetsTheLocalAddress() throws IOException {
        try (Origin origin = Origin.scripted(wire -> {
            Http2Wire frames = Http2Wire.greet(wire);
            while (true) {
                frames.respond(frames.readRequest().stream(), "200", wire.remoteHost());
            }
        }); TestServer server = site(location("/", origin.address(), "")
                + location("/b", origin.address(), "grpc_bind 127.0.0.2;"))) {
            assertEquals("127.0.0.1", body(server.get("/a")));
            assertEquals("127.0.0.2", body(server.get("/b")));
        }
    }

    /// The kernel shows that its timer for keep-alive probes runs (2). It does not while the peer has not acknowledged something:
    /// so the peer sends a frame, with which all acknowledgements go.
    @Test
    @Effect("grpc_socket_keepalive")
    void grpcSocketKeepaliveHasTheSystemProbePeers() throws Exception {
        Signal asked = new Signal();
        Signal seen = new Signal();
        Origin.Script script = wire -> {
            Http2Wire frames = Http2Wire.greet(wire);
            int stream = frames.next(FrameType.HEADERS).stream();
            frames.next(FrameType.SETTINGS);
            frames.frame(FrameType.WINDOW_UPDATE, 0, 1);
            asked.give();
            seen.await();
            frames.respond(stream, "200", "");
            wire.end();
        };
        try (Origin without = Origin.scripted(script); Origin with = Origin.scripted(script);
             TestServer server = site(location("/a", without.address(), "")
                     + location("/b", with.address(), "grpc_socket_keepalive on;"));
             RawClient first = server.connect(); RawClient second = server.connect()) {
            first.send(PLAIN_GET.replace("/ ", "/a "));
            second.send(PLAIN_GET.replace("/ ", "/b "));
            asked.await();
            asked.await();
            assertFalse(timersOfConnections(without.address()).contains("02"));
            assertTrue(timersOfConnections(with.address()).contains("02"));
            seen.give();
            seen.give();
        }
    }

    /// What the system has set for the connections of this process to a port.
    private static List<String> timersOfConnections(String address) throws IOException {
        String port = ":%04X".formatted(Integer.parseInt(address.substring(address.indexOf(':') + 1)));
        return Files.readAllLines(Path.of("/proc/self/net/tcp")).stream().map(line -> line.strip().split(" +"))
                .filter(words -> words[2].endsWith(port)).map(words -> words[5].substring(0, 2)).toList();
    }
}
