package io.selvage.server.http2;

import io.selvage.server.http.Headers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class HpackEncoderTest {
    private static final int WIDE = 1 << 20;

    private final HpackEncoder encoder = new HpackEncoder(4096);

    @Test
    void requestsAreThoseOfAppendixC4() {
        assertEquals("828684418cf1e3c2e5f23a6ba0ab90f4ff", Blocks.hex(Blocks.encode(encoder,
                ":method", "GET", ":scheme", "http", ":path", "/", ":authority", "www.example.com")));
        assertEquals("828684be5886a8eb10649cbf", Blocks.hex(Blocks.encode(encoder,
                ":method", "GET", ":scheme", "http", ":path", "/", ":authority", "www.example.com", "Cache-Control",
                        "no-cache")));
        assertEquals("828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf", Blocks.hex(Blocks.encode(encoder,
                ":method", "GET", ":scheme", "https", ":path", "/index.html", ":authority", "www.example.com",
                "Custom-Key", "custom-value")));
    }

    @Test
    void namesAreWrittenInSmallLetters() throws Http2Error {
        assertEquals(List.of("x-custom: A", "server: B"),
                Blocks.decode(new HpackDecoder(4096, WIDE), Blocks.encode(encoder, "X-Custom", "A", "SERVER", "B")));
        assertEquals("bfbe", Blocks.hex(Blocks.encode(encoder, "x-CUSTOM", "A", "Server", "B")));
    }

    @Test
    void secretsAreNeverIndexed() {
        assertEquals(0x10, Blocks.encode(encoder, "Authorization", "Basic abc").get(0) & 0xf0);
        assertEquals(0x10, Blocks.encode(encoder, "proxy-authorization", "Basic abc").get(0) & 0xf0);
        assertEquals(0x10, Blocks.encode(encoder, "cookie", "id=12").get(0) & 0xf0);
        assertEquals(0x40, Blocks.encode(encoder, "cookie", "id=1234567890123456789012").get(0) & 0xc0);
    }

    @Test
    void fieldsThatChangeWithEachMessageAreNotAdded() throws Http2Error {
        ByteBuffer block = Blocks.encode(encoder, "content-length", "12", "etag", "\"a\"", ":path", "/x", "x", "v".repeat(3000));
        var decoder = new HpackDecoder(4096, WIDE);
        assertEquals(4, Blocks.decode(decoder, block).size());
        assertEquals(ErrorCode.COMPRESSION_ERROR, org.junit.jupiter.api.Assertions.assertThrows(Http2Error.class,
                () -> Blocks.decode(decoder, Blocks.hex("be"))).code());
    }

    @Test
    void aSmallerTableOfThePeerIsAnnouncedBeforeTheNextField() throws Http2Error {
        Blocks.encode(encoder, "a", "b");
        encoder.maxTableSize(0);
        assertEquals("20" + "0001610162", Blocks.hex(Blocks.encode(encoder, "a", "b")));
        encoder.maxTableSize(10);
        encoder.maxTableSize(4096);
        encoder.maxTableSize(1 << 30);
        assertEquals("2a" + "3fe11f" + "4001610162", Blocks.hex(Blocks.encode(encoder, "a", "b")));
        assertEquals("be", Blocks.hex(Blocks.encode(encoder, "a", "b")));
    }

    @Test
    void anEncoderWithASmallerTableSaysSoFirst() {
        var small = new HpackEncoder(0);
        assertEquals("20" + "0001610162", Blocks.hex(Blocks.encode(small, "a", "b")));
        assertEquals("0001610162", Blocks.hex(Blocks.encode(small, "a", "b")));
    }

    @Test
    void whatIsEncodedIsDecodedAgainWhateverItIs() throws Http2Error {
        var random = new SplittableRandom(7541);
        var decoder = new HpackDecoder(4096, WIDE);
        for (int block = 0; block < 2000; block++) {
            if (random.nextInt(20) == 0) {
                encoder.maxTableSize(random.nextInt(5000));
            }
            String[] fields = fields(random);
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < fields.length; i += 2) {
                expected.add(fields[i] + ": " + fields[i + 1]);
            }
            ByteBuffer bytes = Blocks.encode(encoder, fields);
            assertTrue(bytes.remaining() <= HpackEncoder.beginBound() + HpackEncoder.bound(Headers.of(fields)));
            assertEquals(expected, Blocks.decode(decoder, bytes), "block " + block);
        }
    }

    private static String[] fields(SplittableRandom random) {
        String[] fields = new String[2 * random.nextInt(1, 12)];
        for (int i = 0; i < fields.length; i += 2) {
            fields[i] = random.nextBoolean() ? StaticTable.name(random.nextInt(1, 62)) : "x-" + random.nextInt(40);
            StringBuilder value = new StringBuilder();
            int length = random.nextInt(10) == 0 ? random.nextInt(600) : random.nextInt(9);
            int kind = random.nextInt(3);
            for (int c = 0; c < length; c++) {
                value.append((char) (kind == 0 ? random.nextInt(256) : kind == 1 ? 'a' : '0' + random.nextInt(10)));
            }
            fields[i + 1] = value.toString();
        }
        return fields;
    }
}
