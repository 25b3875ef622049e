package io.selvage.server.tls;

import java.nio.ByteBuffer;
import java.util.Optional;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// First bytes of clients.
public final class ClientHelloFuzz {
    private static final int LARGEST_NAME = 255;

    private ClientHelloFuzz() {
    }

    /// Called by the fuzzer.
    public static void fuzzerTestOneInput(byte[] input) {
        String whole = parsed(input, input.length);
        assertEquals(whole, parsed(input, 1 + input.length / 3));
        assertEquals(whole, parsed(input, 1));
    }

    /// What is found in an input that comes in pieces.
    private static String parsed(byte[] input, int piece) {
        ClientHelloParser parser = new ClientHelloParser();
        for (int end = Math.min(piece, input.length);; end = Math.min(end + piece, input.length)) {
            try {
                Optional<ClientHello> hello = parser.advance(ByteBuffer.wrap(input, 0, end));
                if (hello.isPresent()) {
                    return text(hello.get());
                }
            } catch (TlsException e) {
                assertNotEquals("", e.getMessage());
                return e.kind().name();
            }
            if (end == input.length) {
                return "more";
            }
        }
    }

    private static String text(ClientHello hello) {
        String name = hello.serverName().orElse("-");
        assertTrue(!name.isEmpty() && name.length() <= LARGEST_NAME);
        assertTrue(name.chars().allMatch(c -> c > ' ' && c < 0x7f));
        assertTrue(hello.ciphers().length > 0);
        assertTrue(hello.alpn().stream().noneMatch(String::isEmpty));
        return name + hello.alpn() + hello.ciphers().length + hello.groups().length + hello.sessionId();
    }
}
