package io.selvage.server.route;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Answer.Reply;
import io.selvage.server.http.Body;
import io.selvage.server.http.Conditions.Since;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.FakeClient;
import io.selvage.server.http.Headers;
import io.selvage.server.http.InWords;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import io.selvage.server.net.SendableFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

class ConditionAndRangeFilterTest {
    private static final Headers FIELDS = Headers.of("Content-Type", "text/plain",
            "Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT", "ETag", "\"v1\"", "Accept-Ranges", "bytes");
    private static final String WHOLE = """
            200 OK
            Content-Type: text/plain
            Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT
            ETag: "v1"
            Accept-Ranges: bytes

            0123456789""";

    private final AtomicInteger closed = new AtomicInteger();

    private static String ask(Reply reply, String method, String... fields) {
        return InWords.of(filtered(reply, 3, exchange(method, fields)));
    }

    private static Answer filtered(Reply whole, int maxRanges, Exchange exchange) {
        Answer answer = new ConditionFilter(Since.EXACT).filter(exchange, whole);
        return answer instanceof Reply reply ? new RangeFilter(maxRanges, () -> "XyZ").filter(exchange, reply) : answer;
    }

    private static Exchange exchange(String method, String... fields) {
        return FakeClient.asks(Stream.concat(Stream.of(method + " /a HTTP/1.1"), Stream.of(fields)).toArray(String[]::new));
    }

    private static String status(Reply answer, String method, String... fields) {
        return ask(answer, method, fields).lines().findFirst().orElse("");
    }

    private static Reply bytes() {
        return new Reply(new ResponseHead(Status.OK, FIELDS), Body.text("0123456789"));
    }

    private Reply file(Path folder) throws IOException {
        FileChannel channel = FileChannel.open(Files.writeString(folder.resolve("a"), "<<0123456789>>"));
        return new Reply(new ResponseHead(Status.OK, FIELDS),
                new Body.FilePart(new SendableFile(channel), 2, 10, closed::incrementAndGet));
    }

    @Test void plainRequestGetsAll() {
        assertEquals(WHOLE, ask(bytes(), "GET"));
    }

    @Test void oneRange() {
        assertEquals("""
                206 Partial Content
                Content-Type: text/plain
                Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT
                ETag: "v1"
                Content-Range: bytes 2-4/10

                234""", ask(bytes(), "GET", "Range: bytes=2-4"));
    }

    @Test void severalRanges() {
        assertEquals("""
                206 Partial Content
                Content-Type: multipart/byteranges; boundary=XyZ
                Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT
                ETag: "v1"

                --XyZ
                Content-Type: text/plain
                Content-Range: bytes 0-1/10

                01
                --XyZ
                Content-Type: text/plain
                Content-Range: bytes 9-9/10

                9
                --XyZ--
                """, ask(bytes(), "GET", "Range: bytes=0-1,-1").replace("\r\n", "\n"));
    }

    @Test void rangesOfAFileShareIt(@TempDir Path folder) throws Exception {
        assertEquals(true, ask(file(folder), "GET", "Range: bytes=0-1,-1").contains("\r\n\r\n01\r\n--XyZ"));
        assertEquals(1, closed.get());
        assertEquals(true, ask(file(folder), "GET", "Range: bytes=3-5").endsWith("\n\n345"));
        assertEquals(2, closed.get());
    }

    @Test void bufferOfTheCacheIsNotChanged() {
        Reply whole = bytes();
        ask(whole, "GET", "Range: bytes=0-1,-1");
        assertEquals("0123456789", InWords.of(whole.body()));
    }

    @Test void notModified(@TempDir Path folder) throws Exception {
        assertEquals("""
                304 Not Modified
                Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT
                ETag: "v1"

                """, ask(file(folder), "GET", "If-None-Match: \"v1\""));
        assertEquals(1, closed.get());
    }

    @Test void notModifiedAlsoWhenARangeIsAskedFor() {
        assertEquals("304 Not Modified", status(bytes(), "GET", "If-None-Match: \"v1\"", "Range: bytes=0-1"));
    }

    @Test void failedConditionsAndRangesLeaveTheFileClosed(@TempDir Path folder) throws Exception {
        assertEquals("bare 412 Precondition Failed\n", ask(file(folder), "GET", "If-Match: \"v0\""));
        assertEquals("bare 416 Requested Range Not Satisfiable\nContent-Range: bytes */10\n",
                ask(file(folder), "GET", "Range: bytes=10-"));
        assertEquals(2, closed.get());
    }

    @Test void rangeOfAnotherVersionGetsAll() {
        assertEquals(WHOLE, ask(bytes(), "GET", "Range: bytes=0-1", "If-Range: \"v0\""));
        assertEquals(WHOLE, ask(bytes(), "GET", "Range: bytes=0-1", "If-Range: W/\"v1\""));
        assertEquals("206 Partial Content",
                status(bytes(), "GET", "Range: bytes=0-1", "If-Range: \"v1\""));
    }

    @Test void twoRangeFieldsOrTooManyRangesGetAll() {
        assertEquals(WHOLE, ask(bytes(), "GET", "Range: bytes=0-1", "Range: bytes=2-3"));
        assertEquals(WHOLE, ask(bytes(), "GET", "Range: bytes=0-0,2-2,4-4,6-6"));
    }

    @Test void rangesAreForGetAndConditionsForHeadToo() {
        assertEquals(WHOLE, ask(bytes(), "HEAD", "Range: bytes=0-1"));
        assertEquals("304 Not Modified", status(bytes(), "HEAD", "If-None-Match: *"));
        assertEquals(WHOLE, ask(bytes(), "POST", "If-Match: \"v0\""));
    }

    @Test void maxRangesZeroRemovesAcceptRanges() {
        assertEquals(WHOLE.replace("Accept-Ranges: bytes\n", ""),
                InWords.of(filtered(bytes(), 0, exchange("GET", "Range: bytes=0-1"))));
    }

    @Test void answerWithoutAcceptRangesIsNotCut() {
        Reply plain = bytes().withHeaders(FIELDS.without("Accept-Ranges"));
        assertEquals("200 OK", status(plain, "GET", "Range: bytes=0-1"));
    }

    @Test void errorPageIsSentWhole() {
        Exchange exchange = exchange("GET", "Range: bytes=0-1", "If-None-Match: \"v1\"");
        exchange.routing().pageStatus(Optional.of(Status.NOT_FOUND));
        assertEquals(WHOLE.replace("Accept-Ranges: bytes\n", ""),
                InWords.of(filtered(bytes(), 3, exchange)));
    }

    @Test void otherAnswersAreNotChanged() {
        Reply missing = new Reply(new ResponseHead(Status.NOT_FOUND, FIELDS), Body.text("0123456789"));
        Reply empty = new Reply(new ResponseHead(Status.OK, FIELDS), Body.NONE);
        for (Reply reply : List.of(missing, empty)) {
            assertSame(reply, filtered(reply, 3, exchange("GET", "Range: bytes=0-1", "If-None-Match: *")));
        }
    }

    @Test void rangesAreComparedWithTheValidatorsThatAreSent() {
        Exchange exchange = exchange("GET", "Range: bytes=0-1", "If-Range: \"v2\"");
        Reply renamed = bytes().withHeaders(FIELDS.replacing("ETag", "\"v2\""));
        assertEquals(true, InWords.of(new RangeFilter(3).filter(exchange, renamed)).startsWith("206"));
    }
}
