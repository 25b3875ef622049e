package io.selvage.server.http;

import io.selvage.server.http.Answer.Reply;
import io.selvage.server.http.Conditions.Since;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

class ConditionalTest {
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

    private static String ask(Answer answer, String method, String... fields) throws Failure {
        var handler = new Conditional(_ -> answer, Since.EXACT, 3, () -> "XyZ");
        return InWords.of(handler.handle(exchange(method, fields)));
    }

    private static Exchange exchange(String method, String... fields) {
        return FakeClient.asks(Stream.concat(Stream.of(method + " /a HTTP/1.1"), Stream.of(fields)).toArray(String[]::new));
    }

    private static String status(Answer answer, String method, String... fields) throws Failure {
        return ask(answer, method, fields).lines().findFirst().orElse("");
    }

    private static Reply bytes() {
        return new Reply(new ResponseHead(Status.OK, FIELDS), Body.text("0123456789"));
    }

    private Reply file(Path folder) throws IOException {
        FileChannel channel = FileChannel.open(Files.writeString(folder.resolve("a"), "<<0123456789>>"));
        return new Reply(new ResponseHead(Status.OK, FIELDS), new Body.FilePart(channel, 2, 10, closed::incrementAndGet));
    }

    @Test void whoAsksForAllGetsAll() throws Failure {
        assertEquals(WHOLE, ask(bytes(), "GET"));
    }

    @Test void oneRange() throws Failure {
        assertEquals("""
                206 Partial Content
                Content-Type: text/plain
                Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT
                ETag: "v1"
                Content-Range: bytes 2-4/10

                234""", ask(bytes(), "GET", "Range: bytes=2-4"));
    }

    @Test void severalRanges() throws Failure {
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

    @Test void theBufferOfTheCacheStaysAsItIs() throws Failure {
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

    @Test void notModifiedAlsoWhenARangeIsAskedFor() throws Failure {
        assertEquals("304 Not Modified", status(bytes(), "GET", "If-None-Match: \"v1\"", "Range: bytes=0-1"));
    }

    @Test void failedConditionsAndRangesLeaveTheFileClosed(@TempDir Path folder) throws Exception {
        assertEquals("bare 412 Precondition Failed\n", ask(file(folder), "GET", "If-Match: \"v0\""));
        assertEquals("bare 416 Range Not Satisfiable\nContent-Range: bytes */10\n",
                ask(file(folder), "GET", "Range: bytes=10-"));
        assertEquals(2, closed.get());
    }

    @Test void aRangeOfAnotherVersionGetsAll() throws Failure {
        assertEquals(WHOLE, ask(bytes(), "GET", "Range: bytes=0-1", "If-Range: \"v0\""));
        assertEquals(WHOLE, ask(bytes(), "GET", "Range: bytes=0-1", "If-Range: W/\"v1\""));
        assertEquals("206 Partial Content",
                status(bytes(), "GET", "Range: bytes=0-1", "If-Range: \"v1\""));
    }

    @Test void twoRangeFieldsOrTooManyRangesGetAll() throws Failure {
        assertEquals(WHOLE, ask(bytes(), "GET", "Range: bytes=0-1", "Range: bytes=2-3"));
        assertEquals(WHOLE, ask(bytes(), "GET", "Range: bytes=0-0,2-2,4-4,6-6"));
    }

    @Test void rangesAreForGetAndConditionsForHeadToo() throws Failure {
        assertEquals(WHOLE, ask(bytes(), "HEAD", "Range: bytes=0-1"));
        assertEquals("304 Not Modified", status(bytes(), "HEAD", "If-None-Match: *"));
        assertEquals(WHOLE, ask(bytes(), "POST", "If-Match: \"v0\""));
    }

    @Test void withoutPartsNothingIsPromised() throws Failure {
        var none = new Conditional(_ -> bytes(), Since.EXACT, 0);
        assertEquals(WHOLE.replace("Accept-Ranges: bytes\n", ""),
                InWords.of(none.handle(exchange("GET", "Range: bytes=0-1"))));
    }

    @Test void whatWasNotOfferedIsNotCut() throws Failure {
        Reply plain = bytes().withHeaders(FIELDS.without("Accept-Ranges"));
        assertEquals("200 OK", status(plain, "GET", "Range: bytes=0-1"));
    }

    @Test void anErrorPageIsSentWhole() throws Failure {
        Exchange exchange = exchange("GET", "Range: bytes=0-1", "If-None-Match: \"v1\"");
        exchange.routing().pageStatus(Optional.of(Status.NOT_FOUND));
        assertEquals(WHOLE.replace("Accept-Ranges: bytes\n", ""),
                InWords.of(new Conditional(_ -> bytes(), Since.EXACT, 3).handle(exchange)));
    }

    @Test void otherAnswersPassUntouched() throws Failure {
        Answer missing = new Reply(new ResponseHead(Status.NOT_FOUND, FIELDS), Body.text("0123456789"));
        Answer bare = new Answer.StatusOnly(Status.FORBIDDEN);
        for (Answer answer : new Answer[] {missing, bare, new Answer.InternalRedirect("/b", "")}) {
            Handler handler = new Conditional(_ -> answer, Since.EXACT, 3);
            assertSame(answer, handler.handle(exchange("GET", "Range: bytes=0-1", "If-None-Match: *")));
        }
    }
}
