package io.selvage.server.http1;

import io.selvage.server.http.Failure;
import io.selvage.server.http.Failure.What;
import io.selvage.server.http.Method;
import io.selvage.server.net.TimedOut;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.selvage.server.http1.Feeding.bytes;
import static io.selvage.server.http1.Feeding.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Peers that are silent, do not read, or disconnect.
class Http1CallTimeoutTest extends Http1CallFixture {
    @ParameterizedTest
    @ValueSource(strings = {"", "H", "HTTP/1.1 200 OK\r\nX", "HTTP/1.1 103 X\r\n\r\n"})
    void silenceBeforeTheHeadIsATimeout(String received) {
        wire.sends(received).isSilent();

        Failure failure = assertThrows(Failure.class, () -> answered(Method.GET));

        assertEquals(What.TIMED_OUT, failure.what());
        assertEquals(504, failure.status().code());
        assertEquals(READ, wire.patiences().getFirst());
    }

    @Test
    void slowHeadHasOneDeadline() {
        FakeClock clock = new FakeClock();
        for (char c : "HTTP/1.1 200 OK\r\n".toCharArray()) {
            wire.during(() -> clock.pass(Duration.ofSeconds(1))).sends(String.valueOf(c));
        }
        Http1Call call = new Http1Call(peer, SEND, READ, 8192, clock);

        assertEquals(What.TIMED_OUT, assertThrows(Failure.class, () -> call.awaitHead(Method.GET)).what());
        assertEquals(List.of(3L, 3L, 2L, 1L), wire.patiences().stream().map(Duration::toSeconds).toList());
    }

    @Test
    void silenceInTheBodyIsATimeout() throws Failure {
        wire.sends("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhi").isSilent();
        Http1Call call = answered(Method.GET);

        assertEquals(What.TIMED_OUT, assertThrows(Failure.class, () -> text(call.body())).what());
    }

    @Test
    void peerThatClosesBeforeItAnswersIsClosed() {
        wire.ends();

        Failure failure = assertThrows(Failure.class, () -> answered(Method.GET));

        assertEquals(What.CLOSED, failure.what());
        assertFalse(failure.nothingSent());
    }

    @Test
    void unsentHeadDidNotReachThePeer() {
        wire.takesOnly(0, new IOException("broken pipe"));

        Failure failure = assertThrows(Failure.class, () -> call().sendHead(ByteBuffer.wrap(bytes("GET / HTTP/1.1\r\n\r\n"))));

        assertEquals(What.CLOSED, failure.what());
        assertTrue(failure.nothingSent());
    }

    @Test
    void partlySentRequestMayHaveReachedThePeer() {
        wire.takesOnly(20, new IOException("broken pipe"));

        Failure failure = assertThrows(Failure.class,
                () -> call().sendHead(ByteBuffer.wrap(bytes("POST / HTTP/1.1\r\n\r\n")), ByteBuffer.wrap(bytes("body"))));

        assertFalse(failure.nothingSent());
    }

    @Test
    void peerThatDoesNotReadIsATimeout() {
        wire.takesOnly(0, new TimedOut("a write"));

        Failure failure = assertThrows(Failure.class, () -> call().sendHead(ByteBuffer.wrap(bytes("GET / HTTP/1.1\r\n\r\n"))));

        assertEquals(What.TIMED_OUT, failure.what());
        assertTrue(failure.nothingSent());
    }
}
