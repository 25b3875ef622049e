package io.selvage.server.http2;

import io.selvage.server.http.Headers;
import io.selvage.server.http.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

class ResponseAssemblerTest {
    private final ResponseAssembler assembler = new ResponseAssembler();

    private AssembledResponse response(String text) throws Http2Error {
        assembler.begin();
        return assembler.finish(new HpackDecoder(4096, 1 << 16).decode(Blocks.plain(fields(text)), assembler));
    }

    /// Names and values of `name=value;name=value`.
    private static String[] fields(String text) {
        String[] parts = text.split("[;=]", -1);
        for (int i = 0; i < parts.length; i++) {
            parts[i] = parts[i].translateEscapes();
        }
        return parts;
    }

    @Test
    void aResponseIsLikeOneOfHttp1() throws Http2Error {
        var valid = assertInstanceOf(AssembledResponse.Valid.class, response(":status=201;a_b=c;content-length=3;set-cookie=d"));
        assertEquals(Status.of(201), valid.head().status());
        assertEquals(Headers.of("a_b", "c", "content-length", "3", "set-cookie", "d"), valid.head().headers());
        assertEquals(3, valid.contentLength());
        assertEquals(-1, assertInstanceOf(AssembledResponse.Valid.class, response(":status=103;link=x")).contentLength());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a=b                                   | no :status, or an invalid one
            :status=20                            | no :status, or an invalid one
            :status=099                           | no :status, or an invalid one
            :status=2000                          | no :status, or an invalid one
            :status=2x0                           | no :status, or an invalid one
            :status=101                           | no :status, or an invalid one
            :status=200;:status=200               | a pseudo-header field that is unknown, repeated or behind a field
            :status=200;:path=/                   | a pseudo-header field that is unknown, repeated or behind a field
            a=b;:status=200                       | a pseudo-header field that is unknown, repeated or behind a field
            :status=200;Server=b                  | an invalid field name
            ':status=200;location=/\\r\\nset-cookie: a' | an invalid character in a field
            ':status=200;a= b'                    | an invalid character in a field
            :status=200;connection=close          | a field of the connection: connection
            :status=200;transfer-encoding=chunked | a field of the connection: transfer-encoding
            :status=200;content-length=-1         | an invalid Content-Length
            :status=200;content-length=1;content-length=1 | more than one Content-Length
            """)
    void malformedResponses(String fields, String reason) throws Http2Error {
        assertEquals(reason, assertInstanceOf(AssembledResponse.Malformed.class, response(fields)).reason());
    }

    @Test
    void tooManyFieldsAreMalformed() throws Http2Error {
        assertInstanceOf(AssembledResponse.Malformed.class, response(":status=200" + ";a=b".repeat(1000)));
        assertInstanceOf(AssembledResponse.Valid.class, response(":status=200" + ";a=b".repeat(999)));
        assembler.begin();
        boolean complete = new HpackDecoder(4096, 50).decode(Blocks.plain(":status", "200", "a", "b"), assembler);
        assertEquals(new AssembledResponse.Malformed("too large a head"), assembler.finish(complete));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            :status=200
            :x=y
            Grpc-Status=0
            'grpc-message=a\\nb'
            connection=close
            """)
    void malformedTrailerSections(String text) throws Http2Error {
        var trailers = new TrailerAssembler();
        trailers.begin();
        boolean complete = new HpackDecoder(4096, 1 << 16).decode(Blocks.plain(fields(text)), trailers);
        var error = assertThrows(Http2Error.class, () -> trailers.finish(5, complete));
        assertEquals("PROTOCOL_ERROR of 5", error.code() + " of " + error.stream());
    }

    @Test
    void trailerSectionsLoseWhatHasNoPlaceThere() throws Http2Error {
        var trailers = new TrailerAssembler();
        trailers.begin();
        boolean complete = new HpackDecoder(4096, 1 << 16)
                .decode(Blocks.plain(fields("grpc-status=0;content-length=4;host=a;grpc-message=ok")), trailers);
        assertEquals(Headers.of("grpc-status", "0", "grpc-message", "ok"), trailers.finish(1, complete));
        trailers.begin();
        assertThrows(Http2Error.class, () -> trailers.finish(1, false), "too large");
    }

    @Test
    void dataIsComparedWithContentLength() throws Http2Error {
        var exact = new DeclaredLength(3, 5);
        exact.received(2, false);
        exact.received(3, true);
        assertThrows(Http2Error.class, () -> exact.received(1, true), "more");
        assertThrows(Http2Error.class, () -> exact.received(1, true), "still more");
        var early = new DeclaredLength(3, 5);
        assertEquals(3, assertThrows(Http2Error.class, () -> early.received(4, true)).stream());
        assertDoesNotThrow(() -> new DeclaredLength(3, -1).received(100, true));
        assertThrows(Http2Error.class, () -> new DeclaredLength(3, 0).received(1, false));
    }
}
