package io.selvage.server.tls;

import java.nio.ByteBuffer;
import java.util.Set;
import java.util.TreeSet;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

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
