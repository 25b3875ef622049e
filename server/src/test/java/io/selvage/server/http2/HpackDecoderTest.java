package io.selvage.server.http2;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class HpackDecoderTest {
    private static final int WIDE = 1 << 16;

    private final HpackDecoder decoder = new HpackDecoder(4096, WIDE);

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572 | custom-key: custom-header
            040c 2f73 616d 706c 652f 7061 7468                               | :path: /sample/path
            1008 7061 7373 776f 7264 0673 6563 7265 74                       | password: secret
            82                                                               | :method: GET
            """)
    void singleFieldsOfAppendixC2(String block, String field) throws Http2Error {
        assertEquals(List.of(field), Blocks.decode(decoder, Blocks.hex(block)));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d | 8286 84be 5808 6e6f 2d63 6163 6865"
            + "| 8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65",
        "8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff | 8286 84be 5886 a8eb 1064 9cbf"
            + "| 8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf"})
    void requestsOfAppendicesC3AndC4(String blocks) throws Http2Error {
        String[] three = blocks.split("\\|");
        assertEquals(List.of(":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com"),
                Blocks.decode(decoder, Blocks.hex(three[0])));
        assertEquals(List.of(":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com",
                "cache-control: no-cache"), Blocks.decode(decoder, Blocks.hex(three[1])));
        assertEquals(List.of(":method: GET", ":scheme: https", ":path: /index.html", ":authority: www.example.com",
                "custom-key: custom-value"), Blocks.decode(decoder, Blocks.hex(three[2])));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3120 474d 546e"
            + "1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d | 4803 3330 37c1 c0bf |"
            + "88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04 677a 6970 7738 666f"
            + "6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49 553b 206d 6178 2d61 6765 3d33 3630 303b"
            + "2076 6572 7369 6f6e 3d31",
        "4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b"
            + "97c8 e9ae 82ae 43d3 | 4883 640e ffc1 c0bf |"
            + "88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 b335"
            + "dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07"})
    void responsesOfAppendicesC5AndC6WithEviction(String blocks) throws Http2Error {
        String[] three = blocks.split("\\|");
        var small = new HpackDecoder(256, WIDE);
        assertEquals(List.of(":status: 302", "cache-control: private", "date: Mon, 21 Oct 2013 20:13:21 GMT",
                "location: https://www.example.com"), Blocks.decode(small, Blocks.hex(three[0])));
        assertEquals(List.of(":status: 307", "cache-control: private", "date: Mon, 21 Oct 2013 20:13:21 GMT",
                "location: https://www.example.com"), Blocks.decode(small, Blocks.hex(three[1])));
        assertEquals(List.of(":status: 200", "cache-control: private", "date: Mon, 21 Oct 2013 20:13:22 GMT",
                "location: https://www.example.com", "content-encoding: gzip",
                "set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1"),
                        Blocks.decode(small, Blocks.hex(three[2])));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            80                            | index 0
            be                            | index 62 of an empty table
            ff 80 80 80 80 10             | an index of 2^32
            ff ff ff ff ff ff ff ff 7f    | an integer without bounds
            ff 80 80 80 80 80 80 80 00    | an integer with endless zeros
            7f                            | an incomplete integer
            ff 80                         | an incomplete integer
            00                            | no name
            00 01 61                      | no value
            00 05 61                      | a name beyond the end
            04 7f ff ff ff 07             | a value beyond the end
            00 01 61 82 ff ff             | padding of a whole byte
            00 01 61 84 ff ff ff ff       | the code of the end in a value
            00 01 61 81 00                | padding of zeros
            82 20                         | an update of the size behind a field
            3f e2 1f                      | a size of 4097
            20 20 20                      | three updates
            20                            |
            """)
    void badBlocksAreCompressionErrors(String block, String what) throws Http2Error {
        if (what == null) {
            assertEquals(List.of(), Blocks.decode(decoder, Blocks.hex(block)));
            return;
        }
        var error = assertThrows(Http2Error.class, () -> Blocks.decode(decoder, Blocks.hex(block)), what);
        assertEquals(ErrorCode.COMPRESSION_ERROR, error.code());
        assertTrue(error.isOfConnection());
    }

    @Test
    void everyCutOfABlockIsACompressionErrorOrAShorterBlock() throws Http2Error {
        ByteBuffer block = Blocks.encode(new HpackEncoder(4096), ":method", "PUT", "x-name", "a value", "etag", "\"1\"");
        for (int cut = 0; cut < block.limit(); cut++) {
            try {
                assertTrue(Blocks.decode(new HpackDecoder(4096, WIDE), block.duplicate().limit(cut)).size() < 3);
            } catch (Http2Error e) {
                assertEquals(ErrorCode.COMPRESSION_ERROR, e.code());
            }
        }
    }

    @Test
    void aNeedlessByteOfPaddingIsAccepted() throws Http2Error {
        assertEquals(List.of("a: a"), Blocks.decode(decoder, Blocks.hex("0001 61 81 1f")), "3 bits");
        assertEquals(List.of("a: "), Blocks.decode(decoder, Blocks.hex("0001 61 81 ff")), "8 bits");
        assertThrows(Http2Error.class, () -> Blocks.decode(decoder, Blocks.hex("0001 61 82 1f ff")), "11 bits");
    }

    @Test
    void directBuffersAreDecodedToo() throws Http2Error {
        ByteBuffer direct = ByteBuffer.allocateDirect(64).put(Blocks.hex("82 87 04 04 2f61 6263")).flip();
        assertEquals(List.of(":method: GET", ":scheme: https", ":path: /abc"), Blocks.decode(decoder, direct));
        assertFalse(direct.hasRemaining());
    }

    @Test
    void fieldsBeyondTheBoundAreDroppedAndTheTableStaysInStep() throws Http2Error {
        var bounded = new HpackDecoder(4096, 100);
        var fields = new ArrayList<String>();
        ByteBuffer block = Blocks.hex("40 01 61 01 62  40 01 63 01 64  40 01 65 01 66  00 01 67 81 1f");
        assertFalse(bounded.decode(block, (name, value, _) -> fields.add(name + value)), "3 fields of 34 bytes");
        assertEquals(List.of("ab", "cd"), fields);
        assertEquals(List.of("e: f", "c: d"), Blocks.decode(bounded, Blocks.hex("be bf")));
    }

    @Test
    void aFieldThatFillsTheBoundIsPassedOn() throws Http2Error {
        var bounded = new HpackDecoder(4096, 34);
        assertTrue(bounded.decode(Blocks.hex("00 01 61 01 62"), (_, _, _) -> { }));
        assertFalse(bounded.decode(Blocks.hex("00 01 61 02 62 62"), (_, _, _) -> { }));
    }

    @Test
    void tenThousandReferencesToALargeEntryReachTheSinkOnlyWithinTheBound() throws Http2Error {
        ByteBuffer block = ByteBuffer.allocate(16_000);
        block.put(Blocks.encode(new HpackEncoder(4096), "x", "v".repeat(2000)));
        while (block.position() < 12_000) {
            block.put((byte) 0xbe);
        }
        var passed = new ArrayList<String>();
        var bounded = new HpackDecoder(4096, 8192);
        assertFalse(bounded.decode(block.flip(), (_, value, _) -> passed.add(value)));
        assertEquals(4, passed.size());
        assertSame(passed.get(0), passed.get(3), "one string");
    }

    @Test
    void anEntryLargerThanTheTableEmptiesIt() throws Http2Error {
        assertEquals(1, Blocks.decode(decoder, Blocks.hex("40 01 61 01 62")).size());
        ByteBuffer large = ByteBuffer.allocate(8192).put((byte) 0x40).put(Blocks.plain("x", "v".repeat(4096)).position(1));
        assertEquals(1, Blocks.decode(decoder, large.flip()).size());
        assertThrows(Http2Error.class, () -> Blocks.decode(decoder, Blocks.hex("be")));
    }

    @Test
    void usualNamesAreSharedStrings() throws Http2Error {
        var names = new ArrayList<String>();
        decoder.decode(Blocks.plain("user-agent", "a", "sec-fetch-mode", "b"), (name, _, _) -> names.add(name));
        var again = new ArrayList<String>();
        decoder.decode(Blocks.plain("user-agent", "a", "sec-fetch-mode", "b"), (name, _, _) -> again.add(name));
        assertSame(names.get(0), again.get(0));
        assertSame(names.get(1), again.get(1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            accept   | text/html | 0
            x_a      | b         | 2
            x~a      | b         | 4
            :path    | /         | 8
            :        | /         | 8
            X        | b         | 1
            'a b'    | b         | 1
            ''       | b         | 1
            a:       | b         | 1
            a        | ' b'      | 16
            a        | 'b\t'     | 16
            """)
    void traitsSayWhatAFieldIsMadeOf(String name, String value, int expected) throws Http2Error {
        var traits = new ArrayList<Integer>();
        decoder.decode(Blocks.plain(name, value), (_, _, found) -> traits.add(found));
        ByteBuffer added = Blocks.plain(name, value);
        decoder.decode(added.put(0, (byte) 0x40), (_, _, found) -> traits.add(found));
        decoder.decode(Blocks.hex("be"), (_, _, found) -> traits.add(found));
        assertEquals(List.of(expected, expected, expected), traits);
    }

    @ParameterizedTest
    @CsvSource({"0, 16", "10, 16", "13, 16", "1, 32", "127, 32", "9, 0", "200, 0"})
    void controlCharactersInValuesAreTraits(int character, int expected) throws Http2Error {
        var traits = new ArrayList<Integer>();
        decoder.decode(Blocks.plain("a", "0123456789" + (char) character + "z"), (_, _, found) -> traits.add(found & ~32));
        decoder.decode(Blocks.plain("a", "b" + (char) character + "z"), (_, _, found) -> traits.add(found));
        assertEquals(expected & 16, traits.get(0));
        assertEquals(expected, traits.get(1) & (expected == 32 ? 32 : 16));
    }
}
