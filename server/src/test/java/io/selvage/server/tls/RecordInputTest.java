package io.selvage.server.tls;

import io.selvage.server.net.Connection;
import io.selvage.server.net.TimedOut;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

/// The buffers in which records are received.
class RecordInputTest {
    private static final Duration LONG = Duration.ofSeconds(50);

    private final List<ByteBuffer> given = new ArrayList<>();
    private final ByteBuffer received = ByteBuffer.allocate(TlsBuffers.HEAP).put((byte) 22);

    /// The first wait receives a byte, the others time out.
    private final Connection plain = (Connection) Proxy.newProxyInstance(Connection.class.getClassLoader(),
            new Class<?>[] {Connection.class}, (_, method, arguments) -> {
                assertEquals("awaitBytes", method.getName());
                given.add((ByteBuffer) arguments[0]);
                if (given.size() > 1) {
                    throw new TimedOut("nothing");
                }
                return received;
            });

    @Test
    void bufferThatAFailedWaitHasTakenIsNotGivenAgain() throws Exception {
        RecordInput input = new RecordInput(plain, TlsBuffers.here());
        assertEquals(1, input.await(LONG));
        input.bytes().position(input.bytes().limit());

        assertThrows(TimedOut.class, () -> input.await(LONG));
        assertSame(received, given.get(1));
        assertThrows(TimedOut.class, () -> input.await(LONG));
        assertEquals(0, given.get(2).capacity(), "it belongs to the connection, which has lent it to another one");
    }
}
