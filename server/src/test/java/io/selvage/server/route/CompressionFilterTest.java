package io.selvage.server.route;

import io.selvage.server.compress.CoderSpec;
import io.selvage.server.compress.Compression;
import io.selvage.server.compress.ContentCoding;
import io.selvage.server.compress.Decoding;
import io.selvage.server.compress.Eligibility;
import io.selvage.server.compress.Eligibility.Proxied;
import io.selvage.server.http.Answer.Reply;
import io.selvage.server.http.Body;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.FakeClient;
import io.selvage.server.http.Headers;
import io.selvage.server.http.InWords;
import io.selvage.server.http.MediaTypeSet;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import io.selvage.server.http.Version;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

class CompressionFilterTest {
    private static final String TEXT = "some text that repeats itself, some text that repeats itself";
    private static final Headers FIELDS = Headers.of("Content-Type", "text/html; charset=utf-8", "ETag", "\"v1\"",
            "Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT", "Accept-Ranges", "bytes");
    private static final Eligibility USUAL = new Eligibility(Version.HTTP_1_1, Set.of(Proxied.OFF), List.of(), false);

    private static Compression coding(ContentCoding coding) {
        return new Compression(new CoderSpec(coding, 1, coding == ContentCoding.BROTLI ? 16 : 0),
                new MediaTypeSet(Set.of("text/html", "text/css")), 20);
    }

    private static final CompressionFilter GZIP = new CompressionFilter(List.of(coding(ContentCoding.GZIP)), USUAL, true);
    private static final CompressionFilter ALL = new CompressionFilter(
            Stream.of(ContentCoding.values()).map(CompressionFilterTest::coding).toList(), USUAL, true);

    private static Exchange asks(String method, String... fields) {
        return FakeClient.asks(Stream.concat(Stream.of(method + " /a HTTP/1.1"), Stream.of(fields)).toArray(String[]::new));
    }

    private static Reply reply(Status status, Headers fields, String text) {
        return new Reply(new ResponseHead(status, fields), Body.text(text));
    }

    private static Reply usual() {
        return reply(Status.OK, FIELDS, TEXT);
    }

    private static Optional<String> coding(Reply reply) {
        return reply.head().headers().first("Content-Encoding");
    }

    private static boolean isCompressed(Reply reply) {
        return GZIP.filter(asks("GET", "Accept-Encoding: gzip"), reply).body() != reply.body();
    }

    @Test
    void compressedReplyHasOtherFieldsAndBytes() throws IOException {
        Reply reply = GZIP.filter(asks("GET", "Accept-Encoding: gzip"), usual());
        assertEquals("""
                Content-Type: text/html; charset=utf-8
                ETag: W/"v1"
                Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT
                Content-Encoding: gzip
                Vary: Accept-Encoding
                """, reply.head().headers().toString());
        assertEquals(TEXT, Decoding.decoded(ContentCoding.GZIP, InWords.of(reply.body())));
    }

    @Test
    void clientThatDoesNotAcceptItGetsTheSameBytesWithVary() {
        Reply reply = GZIP.filter(asks("GET", "Accept-Encoding: br"), usual());
        assertEquals(FIELDS.with("Vary", "Accept-Encoding"), reply.head().headers());
        assertEquals(TEXT, InWords.of(reply.body()));
    }

    @Test
    void withoutGzipVaryThereIsNoVary() {
        var silent = new CompressionFilter(GZIP.codings(), USUAL, false);
        assertSame(FIELDS, silent.filter(asks("GET"), usual()).head().headers());
        assertFalse(silent.filter(asks("GET", "Accept-Encoding: gzip"), usual()).head().headers().contains("Vary"));
    }

    @ParameterizedTest
    @CsvSource({"Cookie, 2", "'Cookie, ACCEPT-Encoding', 1", "*, 1"})
    void varyIsAddedUnlessItIsThere(String vary, int count) {
        Reply reply = GZIP.filter(asks("GET"), reply(Status.OK, FIELDS.with("Vary", vary), TEXT));
        assertEquals(count, reply.head().headers().all("Vary").size());
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 403, 404})
    void statusesOfContentAreCompressed(int status) {
        assertTrue(isCompressed(reply(Status.of(status), FIELDS, TEXT)));
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 206, 301, 304, 400, 416, 500, 503})
    void otherStatusesAreNot(int status) {
        assertFalse(isCompressed(reply(Status.of(status), FIELDS, TEXT)));
    }

    @Test
    void someContentIsNotCompressed() {
        assertFalse(isCompressed(reply(Status.OK, FIELDS.with("Content-Encoding", "br"), TEXT)), "compressed already");
        assertFalse(isCompressed(reply(Status.OK, FIELDS.with("Cache-Control", "no-transform"), TEXT)), "not to be changed");
        assertFalse(isCompressed(reply(Status.OK, FIELDS.replacing("Content-Type", "image/png"), TEXT)), "of another type");
        assertFalse(isCompressed(reply(Status.OK, FIELDS.without("Content-Type"), TEXT)), "without a type");
        assertFalse(isCompressed(reply(Status.OK, FIELDS, "x".repeat(19))), "too short");
        assertFalse(isCompressed(new Reply(new ResponseHead(Status.OK, FIELDS), Body.NONE)), "nothing");
        assertTrue(isCompressed(reply(Status.OK, FIELDS, "x".repeat(20))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            gzip, deflate, br, zstd       | zstd
            gzip, br                      | br
            gzip, br;q=0.9, zstd;q=0.9    | gzip
            gzip;q=0.5, br;q=0.6          | br
            zstd;q=0, gzip                | gzip
            deflate                       | ''
            """)
    void highestWeightDecidesThenTheOrderOfTheServer(String accepted, String coding) throws IOException {
        Reply reply = ALL.filter(asks("GET", "Accept-Encoding: " + accepted), usual());
        assertEquals(coding, coding(reply).orElse(""));
        for (ContentCoding each : ContentCoding.values()) {
            if (each.token().equals(coding)) {
                assertEquals(TEXT, Decoding.decoded(each, InWords.of(reply.body())));
            }
        }
    }

    @Test
    void headHasTheFieldsOfGet() {
        Reply get = GZIP.filter(asks("GET", "Accept-Encoding: gzip"), usual());
        Reply head = GZIP.filter(asks("HEAD", "Accept-Encoding: gzip"), usual());
        assertEquals(get.head().headers(), head.head().headers());
    }

    @Test
    void headOfAPeerLosesItsLength() {
        Headers fields = FIELDS.with("Content-Length", "1000");
        Reply reply = GZIP.filter(asks("HEAD", "Accept-Encoding: gzip"),
                new Reply(new ResponseHead(Status.OK, fields), Body.NONE));
        assertEquals(Optional.of("gzip"), coding(reply));
        assertFalse(reply.head().headers().contains("Content-Length"));
        Reply small = GZIP.filter(asks("HEAD", "Accept-Encoding: gzip"),
                new Reply(new ResponseHead(Status.OK, FIELDS.with("Content-Length", "19")), Body.NONE));
        assertEquals(Optional.empty(), coding(small));
    }

    @Test
    void weakTagStaysAndAnInvalidOneIsDropped() {
        Exchange exchange = asks("GET", "Accept-Encoding: gzip");
        assertEquals(Optional.of("W/\"v1\""), GZIP.filter(exchange, reply(Status.OK, FIELDS.replacing("ETag", "W/\"v1\""), TEXT))
                .head().headers().first("ETag"));
        assertEquals(Optional.empty(), GZIP.filter(exchange, reply(Status.OK, FIELDS.replacing("ETag", "v1"), TEXT))
                .head().headers().first("ETag"));
    }
}
