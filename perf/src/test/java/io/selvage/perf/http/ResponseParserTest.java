package io.selvage.perf.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ResponseParserTest {
    private static final String CHUNKED = """
            HTTP/1.1 200 OK\r
            Server: stub\r
            Transfer-Encoding: chunked\r
            \r
            5;note="x"\r
            hello\r
            A\r
            0123456789\r
            0\r
            X-Sum: 15\r
            \r
            """;

    @Test
    void lengthEndsTheBodyAtEverySplit() {
        assertParsed(200, 2, true, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
    }

    @Test
    void chunksEndTheBodyAtEverySplit() {
        assertParsed(200, 15, true, CHUNKED);
    }

    @Test
    void noBodyFollowsA204OrA304() {
        assertParsed(204, 0, true, "HTTP/1.1 204 No Content\r\n\r\n");
        assertParsed(304, 0, true, "HTTP/1.1 304 Not Modified\r\nContent-Length: 900\r\n\r\n");
    }

    @Test
    void interimAnswersAreSkipped() {
        assertParsed(201, 1, true, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\n"
                + "HTTP/1.1 201 Created\r\nContent-Length: 1\r\n\r\n!");
    }

    @Test
    void closeAndHttp10EndTheConnection() {
        assertParsed(200, 0, false, "HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 0\r\n\r\n");
        assertParsed(200, 0, false, "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n");
        assertParsed(200, 0, true, "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n");
    }

    @Test
    void answerToHeadHasALengthButNoBody() {
        var parser = new ResponseParser();
        parser.begin(true);
        assertEquals(ResponseParser.Progress.DONE, parser.feed(bytes("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n")));
        assertEquals(0, parser.bodyLength());
    }

    @Test
    void closeEndsABodyWithoutLength() {
        var parser = new ResponseParser();
        parser.begin(false);
        assertEquals(ResponseParser.Progress.MORE, parser.feed(bytes("HTTP/1.1 200 OK\r\n\r\nall of it")));
        assertEquals(ResponseParser.Progress.DONE, parser.end());
        assertEquals(9, parser.bodyLength());
        assertFalse(parser.keepsAlive());
    }

    @Test
    void earlyCloseLeavesTheAnswerIncomplete() {
        for (int cut = 0; cut < CHUNKED.length(); cut++) {
            var parser = new ResponseParser();
            parser.begin(false);
            parser.feed(bytes(CHUNKED.substring(0, cut)));
            assertEquals(ResponseParser.Progress.MORE, parser.end(), "cut at " + cut);
        }
    }

    @Test
    void bytesAfterTheAnswerRemainInTheBuffer() {
        var parser = new ResponseParser();
        parser.begin(false);
        ByteBuffer in = bytes("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhiHTTP");
        assertEquals(ResponseParser.Progress.DONE, parser.feed(in));
        assertEquals(4, in.remaining());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "220 smtp.example ESMTP\r\n",
        "HTTP/2.0 200 OK\r\n\r\n",
        "HTTP/1.1 20 OK\r\n\r\n",
        "HTTP/1.1 200OK\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\n\r\n",
        "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 200 OK\r\nNo colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\n: no name\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n"})
    void malformedAnswerIsRejectedAtEverySplit(String answer) {
        for (int cut = 0; cut <= answer.length(); cut++) {
            var parser = new ResponseParser();
            parser.begin(false);
            parser.feed(bytes(answer.substring(0, cut)));
            assertEquals(ResponseParser.Progress.MALFORMED, parser.feed(bytes(answer.substring(cut))), "cut at " + cut);
        }
    }

    @Test
    void endlessLineIsMalformed() {
        var parser = new ResponseParser();
        parser.begin(false);
        assertEquals(ResponseParser.Progress.MALFORMED, parser.feed(bytes("HTTP/1.1 200 OK\r\nX: " + "y".repeat(20_000))));
    }

    @RepeatedTest(500)
    void randomBytesCauseNoException(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        byte[] bytes = CHUNKED.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = random.nextInt(1, 8); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        var parser = new ResponseParser();
        parser.begin(false);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        ResponseParser.Progress progress = parser.feed(in);
        assertTrue(progress != ResponseParser.Progress.MORE || !in.hasRemaining(), "stopped half way");
        assertTrue(parser.bodyLength() <= bytes.length);
    }

    private static void assertParsed(int status, int length, boolean keepsAlive, String answer) {
        var parser = new ResponseParser();
        for (int cut = 0; cut <= answer.length(); cut++) {
            parser.begin(false);
            ByteBuffer in = bytes(answer.substring(0, cut));
            ResponseParser.Progress early = parser.feed(in);
            assertEquals(cut == answer.length() ? ResponseParser.Progress.DONE : ResponseParser.Progress.MORE, early);
            assertEquals(ResponseParser.Progress.DONE, parser.feed(bytes(answer.substring(cut))), "cut at " + cut);
            assertEquals(status, parser.status());
            assertEquals(length, parser.bodyLength());
            assertEquals(keepsAlive, parser.keepsAlive());
        }
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
