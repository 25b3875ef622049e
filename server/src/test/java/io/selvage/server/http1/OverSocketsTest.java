package io.selvage.server.http1;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Body;
import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.EntryPoint;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.HandlerRouter;
import io.selvage.server.http.Headers;
import io.selvage.server.http.HostOptions;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import io.selvage.server.net.ConnectionLimit;
import io.selvage.server.net.ConnectionPhase;
import io.selvage.server.net.Io;
import io.selvage.server.net.ListenOptions;
import io.selvage.server.net.helidon.Listener;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// The same loop on real sockets.
@Timeout(60)
@ParameterizedClass(name = "io {0}")
@MethodSource("io.selvage.server.net.Ios#all")
class OverSocketsTest {
    @Parameter
    private Io io;
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<ConnectionPhase> phases = new LinkedBlockingQueue<>();
    private Listener listener;

    @BeforeEach
    void listen() throws IOException {
        AtomicLong serial = new AtomicLong();
        ConnectionLimit limit = new ConnectionLimit(100, io, _ -> { });
        listener = Listener.open(new InetSocketAddress("127.0.0.1", 0),
                ListenOptions.DEFAULT, limit, io, _ -> { }, (connection, _) -> {
                    ConnectionPhase phase = limit.phase(connection);
                    phases.add(phase);
                    new ServeLoop(connection, phase, serial.incrementAndGet(), Optional.empty(),
                            () -> new EntryPoint(ClientOptions.DEFAULT,
                            HostOptions.SAME, HandlerRouter.of(this::answerWithPath)), Clock.SYSTEM).serve();
                    phase.end();
                });
    }

    private Answer answerWithPath(Exchange exchange) {
        exchange.whenDone(over -> events.add(over.routing().path() + " "
                + over.outcome().sent().orElseThrow().head().status().code()));
        Status status = exchange.refusal().map(why -> why.status()).orElse(Status.OK);
        return new Answer.Reply(new ResponseHead(status, Headers.of("Date", "now")), Body.text(exchange.routing().path()));
    }

    @AfterEach
    void close() {
        listener.close(Duration.ofSeconds(50));
    }

    @Test
    void servesPipelinedRequestsAndCloses() throws Exception {
        try (Socket socket = connect()) {
            send(socket, "GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\nHost: a\n\nGET /3 HTTP/1.0\r\n\r\n");

            assertEquals(answer("/1", "keep-alive") + answer("/2", "keep-alive") + answer("/3", "close"), readToEnd(socket));
            assertEquals("/1 200", events.poll(50, TimeUnit.SECONDS));
        }
    }

    @Test
    void refusalArrivesWhileTheClientKeepsSending() throws Exception {
        try (Socket socket = connect()) {
            send(socket, "GET / HTTP/1.1\r\nHost: a\r\nBad\r\n\r\n" + "x".repeat(100_000));

            // A reset instead of an end would make this throw.
            String answer = readToEnd(socket);
            assertTrue(answer.startsWith("HTTP/1.1 400 Bad Request\r\n"), answer);
        }
    }

    @Test
    void drainClosesAnIdleConnection() throws Exception {
        try (Socket socket = connect()) {
            send(socket, "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n");
            String expected = answer("/1", "keep-alive");
            byte[] answer = socket.getInputStream().readNBytes(expected.length());
            assertEquals(expected, new String(answer, StandardCharsets.ISO_8859_1));
            assertEquals("/1 200", events.poll(50, TimeUnit.SECONDS));

            phases.take().drain();

            assertEquals(-1, socket.getInputStream().read());
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.connect(listener.address());
        return socket;
    }

    private static void send(Socket socket, String text) throws IOException {
        OutputStream out = socket.getOutputStream();
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private static String readToEnd(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    private static String answer(String path, String connection) {
        return "HTTP/1.1 200 OK\r\nDate: now\r\nContent-Length: " + path.length() + "\r\nConnection: " + connection + "\r\n\r\n"
                + path;
    }
}
