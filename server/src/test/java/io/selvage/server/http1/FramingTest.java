package io.selvage.server.http1;

import io.selvage.server.http.Headers;
import io.selvage.server.http.Method;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import io.selvage.server.http.Version;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

class FramingTest {

    @Test
    void requestWithoutFramingHasNoBody() {
        assertEquals(Framing.NONE, ofRequest("1.1"));
    }

    @Test
    void refusesLengthWithCoding() {
        assertRefused(400, "Content-Length", "5", "Transfer-Encoding", "chunked");
        assertRefused(400, "transfer-encoding", "chunked", "content-length", "5");
    }

    @ParameterizedTest
    @ValueSource(strings = {"chunked, identity", "gzip, chunked, gzip", "chunked, gzip", "chunked, chunked", "chunked,",
        ",chunked",
        "\"chunked\"", "chunked;q=1", "\u00a0chunked", "chun ked", "", "chunked\u0085", "gzip;x, chunked"})
    void refusesCodingsOtherThanChunked(String coding) {
        assertRefused(400, "Transfer-Encoding", coding);
    }

    @ParameterizedTest
    @ValueSource(strings = {"xchunked", "gzip", "identity", "chunke", "gzip, chunked"})
    void otherCodingsAreNotImplemented(String coding) {
        assertRefused(501, "Transfer-Encoding", coding);
    }

    @ParameterizedTest
    @ValueSource(strings = {"chunked", "Chunked", "CHUNKED"})
    void chunkedIsCaseInsensitive(String coding) {
        assertEquals(Framing.CHUNKED, ofRequest("1.1", "Transfer-Encoding", coding));
    }

    @Test
    void refusesTwoCodingFields() {
        assertRefused(400, "Transfer-Encoding", "chunked", "Transfer-Encoding", "chunked");
        assertRefused(400, "Transfer-Encoding", "chunked", "Transfer-Encoding", "identity");
        assertRefused(501, "Transfer-Encoding", "gzip", "Transfer-Encoding", "chunked");
    }

    @Test
    void refusesACodingInHttp10() {
        assertEquals(400, refusal(ofRequest("1.0", "Transfer-Encoding", "chunked")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "+5", "-1", "0x5", "5_0", "5 5", "5,6", "5, 5", "5;", "\u0665", "\u00b2", "9223372036854775808",
        "18446744073709551621", "\u00a05", "5.0", "1e3",
        "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000005"})
    void refusesAnInvalidLength(String length) {
        assertRefused(400, "Content-Length", length);
    }

    @ParameterizedTest
    @CsvSource({"0,0", "5,5", "0000010,10", "999999999999999999,999999999999999999"})
    void readsADecimalLength(String text, long bytes) {
        assertEquals(new Framing.Length(bytes), ofRequest("1.1", "Content-Length", text));
    }

    @Test
    void refusesASecondLength() {
        assertRefused(400, "Content-Length", "5", "Content-Length", "6");
        assertRefused(400, "Content-Length", "5", "content-length", "5");
    }

    @Test
    void answerWithoutALengthEndsWithItsConnection() {
        assertEquals(Framing.UNTIL_CLOSE, ofResponse(Method.GET, 200));
        assertEquals(new Framing.Length(3), ofResponse(Method.GET, 200, "Content-Length", "3"));
        assertEquals(Framing.CHUNKED, ofResponse(Method.GET, 200, "Transfer-Encoding", "chunked"));
    }

    @Test
    void someAnswersNeverHaveABody() {
        assertEquals(Framing.NONE, ofResponse(Method.HEAD, 200, "Content-Length", "3"));
        assertEquals(Framing.NONE, ofResponse(Method.GET, 204, "Transfer-Encoding", "chunked"));
        assertEquals(Framing.NONE, ofResponse(Method.GET, 304, "Content-Length", "3"));
        assertEquals(Framing.NONE, ofResponse(Method.GET, 103));
    }

    @Test
    void answerIsRefusedForTheSameReasonsAsARequest() {
        assertEquals(400, refusal(ofResponse(Method.GET, 200, "Content-Length", "3", "Transfer-Encoding", "chunked")));
        assertEquals(400, refusal(ofResponse(Method.GET, 200, "Content-Length", "3", "Content-Length", "4")));
        assertEquals(400, refusal(ofResponse(Method.HEAD, 200, "Content-Length", "x")));
        assertEquals(501, refusal(ofResponse(Method.GET, 200, "Transfer-Encoding", "gzip")));
    }

    private static Framing ofRequest(String version, String... fields) {
        StringBuilder head = new StringBuilder("GET / HTTP/" + version + "\r\nHost: a\r\n");
        for (int i = 0; i < fields.length; i += 2) {
            head.append(fields[i]).append(": ").append(fields[i + 1].replace("\u0665", "\u00d9\u00a5")).append("\r\n");
        }
        return Framing.ofRequest(Feeding.head(head + "\r\n"));
    }

    private static Framing ofResponse(Method asked, int status, String... fields) {
        return Framing.ofResponse(asked, Version.HTTP_1_1, new ResponseHead(Status.of(status), Headers.of(fields)));
    }

    private static void assertRefused(int status, String... fields) {
        assertEquals(status, refusal(ofRequest("1.1", fields)));
    }

    private static int refusal(Framing framing) {
        return assertInstanceOf(Framing.Refused.class, framing).why().status().code();
    }
}
