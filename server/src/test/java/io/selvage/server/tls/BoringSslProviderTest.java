package io.selvage.server.tls;

import io.selvage.server.net.Ios;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class BoringSslProviderTest {
    private static final int SERVER_NAME = 0;
    private static final int COMPRESS_CERTIFICATE = 27;
    private static final int BEFORE_SESSION_ID = 5 + 4 + 2 + 32;   // header of the record and the message, version, random

    @BeforeAll
    static void loadLibrary() {
        TlsEngines.select(TlsEngineChoice.BORINGSSL);
    }

    /// RFC 8879. Each certificate would be compressed again for each connection.
    @Test
    void certificatesAreNotCompressed() throws Exception {
        SSLEngine client = new BoringSslProvider().client(ClientSettings.of(TlsClientPolicy.DEFAULT))
                .engine(TlsTarget.named("shop.example"), "");
        client.beginHandshake();
        ByteBuffer hello = ByteBuffer.allocate(client.getSession().getPacketBufferSize());
        client.wrap(ByteBuffer.allocate(0), hello);
        Set<Integer> extensions = extensions(hello.flip());
        assertTrue(extensions.contains(SERVER_NAME), extensions::toString);
        assertFalse(extensions.contains(COMPRESS_CERTIFICATE), extensions::toString);
    }

    /// BoringSSL itself keeps sessions of TLS 1.3 for two days, whatever the timeout.
    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aSessionCannotBeResumedWhenItsTimeoutHasPassed(String version) throws Exception {
        AtomicLong now = new AtomicLong();
        var engine = new ProvidedEngine(new BoringSslProvider(now::get));
        TlsPolicy policy = TlsPolicy.of(CertificateSource.of(Pem.key("server-ecdsa")))
                .with(new TlsSessions(true, List.of(), 0, Duration.ofHours(1)));
        JdkClient client = new JdkClient().speaking(version);
        try (TlsServed server = new TlsServed(Ios.usual(), engine, policy, TlsServed::echo)) {
            assertFalse(reused(client, server));
            now.addAndGet(Duration.ofMinutes(59).toNanos());
            assertTrue(reused(client, server));
            now.addAndGet(Duration.ofMinutes(76).toNanos());
            assertFalse(reused(client, server));
            assertTrue(reused(client, server));
        }
    }

    private static boolean reused(JdkClient client, TlsServed server) throws Exception {
        try (SSLSocket socket = client.connect(server)) {
            assertEquals("hi", JdkClient.exchange(socket, "hi"));
        }
        return server.info().isReused();
    }

    /// The numbers of the extensions of a ClientHello in one record.
    private static Set<Integer> extensions(ByteBuffer hello) {
        hello.position(BEFORE_SESSION_ID);
        skip(hello, hello.get());
        skip(hello, hello.getShort());
        skip(hello, hello.get());
        hello.getShort();
        var numbers = new TreeSet<Integer>();
        while (hello.hasRemaining()) {
            numbers.add(Short.toUnsignedInt(hello.getShort()));
            skip(hello, hello.getShort());
        }
        return numbers;
    }

    private static void skip(ByteBuffer bytes, int count) {
        bytes.position(bytes.position() + count);
    }
}
