package io.selvage.server.http1;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Bodies of requests: when they are asked for, read, skipped or too large.
class ServeLoopBodyTest extends ServeLoopFixture {
    @Test
    void continueIsSentWhenTheBodyIsRead() {
        client.sends("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n").hesitates().sends("hi");

        serve(exchange -> reply(Feeding.text(exchange.body())));

        assertEquals("HTTP/1.1 100 Continue\r\n\r\n" + HI, client.written());
        assertEquals(client.written().length(), sent.getFirst().bytes());
    }

    @Test
    void continueIsNotSentToAClientThatDoesNotWait() {
        client.sends("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi");

        serve(exchange -> reply(Feeding.text(exchange.body())));

        assertEquals(HI, client.written());
    }

    @Test
    void answerWithoutTheExpectedBodyEndsTheConnection() {
        client.sends("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n").sends("GET / HTTP/1.1");

        serve(_ -> reply("hi"));

        assertEquals(LAST_HI, client.written());
        assertEquals(List.of("POST /", "done 200", "shutdown", "close"), events);
    }

    @Test
    void continueIsNotSentToHttp10Clients() {
        client.sends("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n").sends("hi");

        serve(exchange -> reply(Feeding.text(exchange.body())));

        assertEquals(LAST_HI, client.written());
    }

    @Test
    void smallUnreadBodyIsSkipped() {
        client.sends("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n").sends("0\r\n\r\n")
                .sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        serve(_ -> reply("hi"));

        assertEquals(HI + HI, client.written());
    }

    @Test
    void largeUnreadBodyEndsTheConnection() {
        client.sends("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n").sends(new byte[1_000_000]);

        serve(_ -> reply("hi"));

        assertEquals(LAST_HI, client.written());
        assertEquals(List.of("POST /", "done 200", "shutdown", "close"), events);
    }

    @Test
    void unreadChunkedBodyIsSkippedUpToALimit() {
        client.sends("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int i = 0; i < 100; i++) {
            client.sends("4000\r\n").sends(new byte[0x4000]).sends("\r\n");
        }

        serve(_ -> reply("hi"));

        assertEquals(HI, client.written());
        assertEquals(List.of("POST /", "done 200", "shutdown", "close"), events);
    }

    @Test
    void smallChunksAreReadTogether() {
        client.sends("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + "1\r\nx\r\n".repeat(10_000)
                + "0\r\n\r\n");
        List<Integer> reads = new ArrayList<>();

        serve(exchange -> {
            ByteBuffer into = ByteBuffer.allocate(16 * 1024);
            int count = exchange.body().read(into);
            while (count >= 0) {
                reads.add(count);
                count = exchange.body().read(into);
            }
            return reply(into.position() + " of " + exchange.body().received());
        });

        assertTrue(client.written().endsWith("10000 of 60005"), client.written());
        assertTrue(reads.size() < 20, () -> reads.size() + " reads");
    }

    @Test
    void bodyAboveItsLimitFails() {
        client.sends("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n");

        serve(exchange -> {
            exchange.body().limit(4);
            return reply(Feeding.text(exchange.body()));
        });

        assertEquals("done 413", events.get(1));
        assertTrue(client.written().contains("Connection: close\r\n"));
    }

    @Test
    void lengthAboveTheLimitFailsBeforeContinue() {
        client.sends("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");

        serve(exchange -> {
            exchange.body().limit(4);
            return reply(Feeding.text(exchange.body()));
        });

        assertTrue(client.written().startsWith("HTTP/1.1 413"), client.written());
    }
}
