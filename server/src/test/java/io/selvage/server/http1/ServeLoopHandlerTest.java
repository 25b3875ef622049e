package io.selvage.server.http1;

import io.selvage.server.http.Answer;
import io.selvage.server.http.DuplexStream;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import io.selvage.server.http.UpgradeHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// What a connection does with each kind of answer and failure of a handler.
class ServeLoopHandlerTest extends ServeLoopFixture {
    @ParameterizedTest
    @ValueSource(strings = {"exception", "error", "overflow"})
    void handlerThatThrowsIs500(String how) {
        client.sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        serve(_ -> switch (how) {
            case "exception" -> throw new IllegalStateException("wrong on purpose");
            case "error" -> throw new AssertionError("wrong on purpose");
            default -> overflow(1);
        });

        assertTrue(client.written().startsWith("HTTP/1.1 500 Internal Server Error\r\n"));
        assertEquals(List.of("GET /", "done 500", "close"), events);
    }

    @Test
    void unhandledFailureIsItsStatus() {
        client.sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        serve(_ -> {
            throw Failure.upstream(Failure.What.TIMED_OUT, false, "slow");
        });

        assertTrue(client.written().startsWith("HTTP/1.1 504 Gateway Time-out\r\n"));
        assertTrue(client.written().endsWith("\r\n\r\n504 Gateway Time-out\n"));
    }

    @Test
    void unfollowedInternalRedirectIs500() {
        client.sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        serve(_ -> new Answer.InternalRedirect("/x", ""));

        assertEquals("done 500", events.get(1));
    }

    @Test
    void closeSilentlySendsNothing() {
        client.sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        serve(_ -> new Answer.CloseSilently());

        assertEquals("", client.written());
        assertEquals(List.of("GET /", "done 444", "close"), events);
    }

    @Test
    void upgradeHandsTheConnectionOver() {
        client.sends("GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nearly").sends("late");
        StringBuilder heard = new StringBuilder();

        serve(_ -> new Answer.Upgraded(new ResponseHead(Status.SWITCHING_PROTOCOLS,
                Headers.of("Connection", "upgrade", "Upgrade", "x")), new UpgradeHandler() {
                    @Override
                    public long run(DuplexStream connection) {
                        ByteBuffer buffer = ByteBuffer.allocate(100);
                        try {
                            while (connection.read(buffer, Duration.ofSeconds(1)) > 0) {
                                heard.append(StandardCharsets.ISO_8859_1.decode(buffer.flip())).append('|');
                                buffer.clear();
                            }
                        } catch (IOException e) {
                            throw new AssertionError(e);
                        }
                        return 7;
                    }

                    @Override
                    public void close() {
                        events.add("tunnel closed");
                    }
                }));

        assertEquals("early|late|", heard.toString());
        assertEquals("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n" + DATE + "\r\n",
                client.written());
        assertEquals(client.written().length() + 7, sent.getFirst().bytes());
        assertEquals(List.of("GET /", "tunnel closed", "done 101", "close"), events);
    }

    @Test
    void actionAfterAnExchangeMayThrow() {
        client.sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        serve(exchange -> {
            exchange.whenDone(_ -> {
                throw new IllegalStateException("wrong on purpose");
            });
            return reply("hi");
        });

        assertEquals(HI, client.written());
        assertEquals("close", events.getLast());
    }

    @Test
    void interimAnswersAreSentToHttp11Clients() {
        client.sends("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.0\r\n\r\n");

        serve(exchange -> {
            exchange.client().interim(new ResponseHead(Status.of(103), Headers.of("Link", "<x>")));
            return reply("hi");
        });

        assertEquals("HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n" + HI + LAST_HI, client.written());
    }

    private static Answer overflow(int depth) {
        return depth == 0 ? reply("") : overflow(depth + 1);
    }
}
