package io.selvage.server.tls;

import io.selvage.server.net.Io;
import io.selvage.server.net.TimedOut;
import io.selvage.server.tls.TlsException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Clients that get no connection, and what they get instead.
@Timeout(60)
@ParameterizedClass(name = "{0}, io {1}")
@MethodSource("io.selvage.server.tls.Engines#withEveryIo")
class RefusalTest {
    private static final TlsPolicy POLICY = TlsPolicy.of(CertificateSource.of(Pem.key("server-ecdsa")));
    private static final String DECODE_ERROR = "15030300020232";

    @Parameter(0)
    private TlsEngine engine;
    @Parameter(1)
    private Io io;

    private TlsServed serve(TlsPolicy policy, Duration timeout) throws IOException {
        return new TlsServed(io, engine, _ -> policy, timeout, TlsServed::echo);
    }

    private TlsServed serve(TlsPolicy policy) throws IOException {
        return serve(policy, TlsServed.LONG);
    }

    private static Socket connect(TlsServed server) throws IOException {
        Socket socket = new Socket(server.address().getAddress(), server.address().getPort());
        socket.setSoTimeout(50_000);
        return socket;
    }

    private static String alert(SSLSocket client) {
        return assertThrows(SSLException.class, () -> JdkClient.exchange(client, "hi")).getMessage();
    }

    private static Kind kind(Exception failure) {
        return assertInstanceOf(TlsException.class, failure).kind();
    }

    @Test
    void plainHttpIsGivenBackToTheCaller() throws Exception {
        CompletableFuture<String> request = new CompletableFuture<>();
        try (var server = new PlainAnswers(io, engine, POLICY, request); Socket client = new Socket()) {
            client.connect(server.address());
            client.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(ISO_8859_1));
            assertEquals("400", new String(client.getInputStream().readAllBytes(), ISO_8859_1));
            assertEquals("GET / HTTP/1.1\r\n\r\n", request.get());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"802e0100020015", "1602000005", "16030100040200000000", "160301000401000000"})
    void garbageIsAnsweredByAnAlert(String hex) throws Exception {
        try (TlsServed server = serve(POLICY); Socket client = connect(server)) {
            client.getOutputStream().write(HexFormat.of().parseHex(hex));
            assertEquals(DECODE_ERROR, HexFormat.of().formatHex(client.getInputStream().readAllBytes()));
            assertEquals(Kind.GARBAGE, kind(server.failure()));
        }
    }

    @Test
    void aRejectedHandshakeGetsUnrecognizedName() throws Exception {
        try (TlsServed server = serve(TlsPolicy.rejecting()); SSLSocket client = new JdkClient().connect(server)) {
            String alert = alert(client);
            assertTrue(alert.contains("unrecognized_name"), alert);
            assertEquals(Kind.REJECTED, kind(server.failure()));
        }
    }

    @Test
    void aSiteWithoutACertificateFailsTheHandshake() throws Exception {
        try (TlsServed server = serve(TlsPolicy.of(CertificateSource.of())); SSLSocket client = new JdkClient().connect(server)) {
            String alert = alert(client);
            assertTrue(alert.contains("handshake_failure"), alert);
            assertEquals(Kind.NO_CERTIFICATE, kind(server.failure()));
        }
    }

    @Test
    void aCertificateThatCannotBeReadFailsTheHandshakeWithItsReason() throws Exception {
        CertificateSource broken = _ -> {
            throw new IOException("cannot read shop.pem");
        };
        try (TlsServed server = serve(TlsPolicy.of(broken)); SSLSocket client = new JdkClient().connect(server)) {
            alert(client);
            TlsException failure = assertInstanceOf(TlsException.class, server.failure());
            assertEquals(Kind.NO_CERTIFICATE, failure.kind());
            assertEquals("cannot read shop.pem", failure.getMessage());
        }
    }

    /// RFC 8996. The client offers TLS 1.1 as its highest version.
    @Test
    void tls11IsRefused() throws Exception {
        byte[] hello = Hellos.of("shop.example");
        hello[2] = 1;
        hello[9] = 3;
        hello[10] = 2;
        // The extension supported_versions is made an unknown one.
        int at = new String(hello, ISO_8859_1).indexOf("\0\u002b\0\u0005\4\3\4\3\3");
        hello[at + 1] = (byte) 0xee;
        try (TlsServed server = serve(POLICY); Socket client = connect(server)) {
            client.getOutputStream().write(hello);
            byte[] answer = client.getInputStream().readAllBytes();
            assertEquals(21, answer[0]);
            assertEquals(70, answer[6], "protocol_version");
            assertEquals(Kind.FAILED, kind(server.failure()));
        }
    }

    @Test
    void aClientThatDoesNotTrustTheCertificateEndsTheHandshake() throws Exception {
        TlsPolicy expired = TlsPolicy.of(CertificateSource.of(Pem.key("server-expired")));
        try (TlsServed server = serve(expired); SSLSocket client = new JdkClient().connect(server)) {
            assertThrows(SSLException.class, client::startHandshake);
            assertEquals(Kind.FAILED, kind(server.failure()));
        }
    }

    @Test
    void aClientThatLeavesIsNoFailureOfTls() throws Exception {
        byte[] hello = Hellos.of("shop.example");
        for (int count : new int[] {0, 1, 50, hello.length}) {
            try (TlsServed server = serve(POLICY); Socket client = connect(server)) {
                client.getOutputStream().write(hello, 0, count);
                client.shutdownOutput();
                client.getInputStream().readAllBytes();
                assertEquals(Kind.CLOSED, kind(server.failure()), "after " + count + " bytes");
            }
        }
    }

    /// The time is for the whole handshake, not for each read.
    @Test
    void aHandshakeThatNeverEndsTimesOut() throws Exception {
        byte[] hello = Hellos.of("shop.example");
        try (TlsServed server = serve(POLICY, Duration.ofMillis(300)); Socket client = connect(server)) {
            client.setTcpNoDelay(true);
            Thread trickle = Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < hello.length - 1; i++) {
                        client.getOutputStream().write(hello, i, 1);
                        Thread.sleep(20);
                    }
                } catch (IOException | InterruptedException e) {
                    // The server has closed the connection.
                }
            });
            assertInstanceOf(TimedOut.class, server.failure());
            trickle.interrupt();
        }
    }

    @Test
    void aThousandHandshakesThatNeverEndLeaveOthersAlone() throws Exception {
        byte[] hello = Hellos.of("shop.example");
        List<Socket> stuck = new ArrayList<>();
        try (TlsServed server = serve(POLICY)) {
            for (int i = 0; i < 1000; i++) {
                Socket socket = connect(server);
                stuck.add(socket);
                socket.getOutputStream().write(hello, 0, i % 3 == 0 ? 0 : 100);
            }
            try (SSLSocket client = new JdkClient().connect(server)) {
                assertEquals("hello", JdkClient.exchange(client, "hello"));
            }
        } finally {
            for (Socket socket : stuck) {
                socket.close();
            }
        }
    }

    @Test
    void aHelloMayBeSpreadOverRecordsAndReads() throws Exception {
        byte[] hello = Hellos.inRecordsOf(50, Hellos.of("shop.example"));
        try (TlsServed server = serve(POLICY); Socket client = connect(server)) {
            client.setTcpNoDelay(true);
            for (int at = 0; at < hello.length; at += 33) {
                client.getOutputStream().write(hello, at, Math.min(33, hello.length - at));
            }
            InputStream in = client.getInputStream();
            byte[] answer = in.readNBytes(6);
            assertEquals(22, answer[0], "a handshake record");
            assertEquals(2, answer[5], "ServerHello");
        }
    }

    /// Answers plain text with 400, as an HTTP server does.
    private static final class PlainAnswers implements AutoCloseable {
        private final ServerSocketChannel listening = ServerSocketChannel.open()
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));

        PlainAnswers(Io io, TlsEngine engine, TlsPolicy policy, CompletableFuture<String> request) throws IOException {
            Thread.ofPlatform().daemon().start(() -> {
                try {
                    io.serve(listening.accept(), (plain, _) -> {
                        try {
                            engine.accept(plain, _ -> policy, TlsServed.LONG);
                        } catch (TlsException e) {
                            try {
                                ByteBuffer bytes = ByteBuffer.allocate(100);
                                plain.read(bytes, TlsServed.LONG);
                                plain.write(ByteBuffer.wrap("400".getBytes(ISO_8859_1)), TlsServed.LONG);
                                request.complete(e.kind() == Kind.PLAIN_TEXT
                                        ? new String(bytes.array(), 0, bytes.position(), ISO_8859_1) : e.toString());
                            } catch (IOException other) {
                                request.completeExceptionally(other);
                            }
                        } catch (IOException e) {
                            request.completeExceptionally(e);
                        }
                    }, () -> { });
                } catch (IOException e) {
                    request.completeExceptionally(e);
                }
            });
        }

        SocketAddress address() throws IOException {
            return listening.getLocalAddress();
        }

        @Override
        public void close() throws IOException {
            listening.close();
        }
    }
}
