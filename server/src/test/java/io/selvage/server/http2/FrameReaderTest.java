package io.selvage.server.http2;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class FrameReaderTest {
    private static final int MAX_FRAME = 16_384;

    private final FrameLog log = new FrameLog();
    private final FrameReader reader = new FrameReader(log, true, MAX_FRAME, 40_000);

    private static void readAll(FrameReader reader, ByteBuffer in) throws Http2Error {
        while (reader.read(in)) {
            assertTrue(in.remaining() >= 0);
        }
    }

    private List<String> read(String hex) throws Http2Error {
        readAll(reader, Blocks.hex(hex));
        log.finishData("");
        return log.lines();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            000003 00 00 00000001 616263               | data abc counted 3
            000003 00 01 00000001 616263               | data abc counted 3 end
            000000 00 01 00000001                      | data  counted 0 end
            000006 00 09 00000001 02 616263 0000       | data abc counted 6 end
            000001 00 09 00000001 00                   | data  counted 1 end
            000003 01 05 00000003 828784               | headers 3 828784 end
            000003 01 04 80000003 828784               | headers 3 828784
            000008 01 24 00000003 00000000 10 828784   | headers 3 828784
            00000b 01 2c 00000003 02 00000000 10 828784 0000 | headers 3 828784
            000008 01 24 00000003 80000003 10 828784   | headers 3 828784 loop
            000004 03 00 00000001 00000008             | reset 1 CANCEL
            000004 03 00 00000001 000000ff             | reset 1 INTERNAL_ERROR
            000000 04 01 00000000                      | settings ack
            000008 06 00 00000000 0000000000000007     | ping 7
            000008 06 01 00000000 0000000000000007     | ping 7 ack
            00000a 07 00 00000000 00000005 00000002 6869 | 'goaway 5 INTERNAL_ERROR hi'
            00000a 07 00 00000000 00000005 0000000b 680a | 'goaway 5 ENHANCE_YOUR_CALM h?'
            000004 08 00 00000000 00000001             | window 0 1
            000004 08 00 00000005 ffffffff             | window 5 2147483647
            000007 10 00 00000000 00000005 753d31      | priority 5 u=1
            000005 02 00 00000003 00000003 00          | error 3 PROTOCOL_ERROR
            000004 02 00 00000003 00000000             | error 3 FRAME_SIZE_ERROR
            000004 08 00 00000005 80000000             | error 5 PROTOCOL_ERROR
            """)
    void frames(String hex, String expected) throws Http2Error {
        assertEquals(List.of(expected), read(hex));
        assertEquals(1, log.frames().size());
    }

    @Test
    void priorityAndUnknownFramesAreIgnored() throws Http2Error {
        assertEquals(List.of("ping 1"),
                read("000005 02 00 00000003 00000001 00  000002 5f ff 00000009 0102  000000 fa 00 00000000"
                + "000008 06 00 00000000 0000000000000001"));
        assertEquals(4, log.frames().size());
    }

    @Test
    void settingsAreReportedInOrderAndUnknownOnesAreNot() throws Http2Error {
        assertEquals(List.of("setting 1 0", "setting 3 4294967295", "setting 4 2147483647", "setting 5 16777215", "setting 2 1",
                "settings"), read("000024 04 00 00000000 0001 00000000 0003 ffffffff 00ff 00000001 0004 7fffffff 0005 00ffffff"
                        + "0002 00000001"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            004001 00 00 00000001                      | FRAME_SIZE_ERROR | larger than SETTINGS_MAX_FRAME_SIZE
            ffffff fa 00 00000000                      | FRAME_SIZE_ERROR | larger, of an unknown type
            000001 00 00 00000000 61                   | PROTOCOL_ERROR   | DATA of stream 0
            000000 00 08 00000001                      | FRAME_SIZE_ERROR | padded DATA without a pad length
            000002 00 08 00000001 02 61                | PROTOCOL_ERROR   | more padding than DATA
            000001 01 04 00000000 82                   | PROTOCOL_ERROR   | HEADERS of stream 0
            000000 01 0c 00000001                      | FRAME_SIZE_ERROR | padded HEADERS without a pad length
            000004 01 24 00000001 00000000             | FRAME_SIZE_ERROR | HEADERS with half a priority
            000002 01 0c 00000001 02 82                | PROTOCOL_ERROR   | more padding than header block
            000007 01 2c 00000001 02 00000000 00 00    | PROTOCOL_ERROR   | more padding than is left behind the priority
            000005 02 00 00000000 00000001 00          | PROTOCOL_ERROR   | PRIORITY of stream 0
            000004 03 00 00000000 00000000             | PROTOCOL_ERROR   | RST_STREAM of stream 0
            000003 03 00 00000001 000000               | FRAME_SIZE_ERROR | RST_STREAM of 3 bytes
            000005 03 00 00000001 0000000000           | FRAME_SIZE_ERROR | RST_STREAM of 5 bytes
            000000 04 00 00000001                      | PROTOCOL_ERROR   | SETTINGS of a stream
            000005 04 00 00000000 0001000000           | FRAME_SIZE_ERROR | five sixths of a setting
            000006 04 01 00000000 000100000000         | FRAME_SIZE_ERROR | an acknowledgement with settings
            000006 04 00 00000000 0002 00000002        | PROTOCOL_ERROR   | ENABLE_PUSH 2
            000006 04 00 00000000 0004 80000000        | FLOW_CONTROL_ERROR | INITIAL_WINDOW_SIZE 2^31
            000006 04 00 00000000 0005 00003fff        | PROTOCOL_ERROR   | MAX_FRAME_SIZE 16383
            000006 04 00 00000000 0005 01000000        | PROTOCOL_ERROR   | MAX_FRAME_SIZE 2^24
            000006 04 00 00000000 0008 00000002        | PROTOCOL_ERROR   | ENABLE_CONNECT_PROTOCOL 2
            000006 04 00 00000000 0009 00000002        | PROTOCOL_ERROR   | NO_RFC7540_PRIORITIES 2
            000004 05 04 00000001 00000002             | PROTOCOL_ERROR   | PUSH_PROMISE
            000008 06 00 00000001 0000000000000000     | PROTOCOL_ERROR   | PING of a stream
            000007 06 00 00000000 00000000000000       | FRAME_SIZE_ERROR | PING of 7 bytes
            000009 06 00 00000000 000000000000000000   | FRAME_SIZE_ERROR | PING of 9 bytes
            000008 07 00 00000001 0000000000000000     | PROTOCOL_ERROR   | GOAWAY of a stream
            000007 07 00 00000000 00000000000000       | FRAME_SIZE_ERROR | GOAWAY of 7 bytes
            000003 08 00 00000000 000001               | FRAME_SIZE_ERROR | WINDOW_UPDATE of 3 bytes
            000004 08 00 00000000 00000000             | PROTOCOL_ERROR   | WINDOW_UPDATE of the connection by 0
            000001 09 04 00000001 82                   | PROTOCOL_ERROR   | CONTINUATION without HEADERS
            000001 09 04 00000000 82                   | PROTOCOL_ERROR   | CONTINUATION of stream 0
            000001 01 00 00000001 82 000001 09 04 00000003 87 | PROTOCOL_ERROR | CONTINUATION of another stream
            000001 01 00 00000001 82 000008 06 00 00000000 0000000000000000 | PROTOCOL_ERROR | PING in a header block
            000001 01 00 00000001 82 000001 01 04 00000003 82 | PROTOCOL_ERROR | HEADERS in a header block
            000001 01 05 00000001 82 000001 09 04 00000001 82 | PROTOCOL_ERROR | CONTINUATION behind END_HEADERS
            000003 10 00 00000000 000000               | FRAME_SIZE_ERROR | PRIORITY_UPDATE of 3 bytes
            000004 10 00 00000001 00000001             | PROTOCOL_ERROR   | PRIORITY_UPDATE of a stream
            000004 10 00 00000000 00000000             | PROTOCOL_ERROR   | PRIORITY_UPDATE for stream 0
            """)
    void errorsOfTheConnection(String hex, ErrorCode code, String what) {
        var error = assertThrows(Http2Error.class, () -> read(hex), what);
        assertEquals(code, error.code(), what);
        assertTrue(error.isOfConnection(), what);
    }

    @Test
    void aServerMustNotEnablePush() throws Http2Error {
        var fromServer = new FrameReader(log, false, MAX_FRAME, 1000);
        readAll(fromServer, Blocks.hex("000006 04 00 00000000 0002 00000000"));
        assertThrows(Http2Error.class, () -> readAll(fromServer, Blocks.hex("000006 04 00 00000000 0002 00000001")));
    }

    @Test
    void aTooLargeFrameIsRefusedBeforeItsPayloadHasCome() {
        assertThrows(Http2Error.class, () -> reader.read(Blocks.hex("004001 01 04 00000001")));
    }

    @Test
    void headerBlocksAreAssembled() throws Http2Error {
        assertEquals(List.of("headers 1 828784 end"), read("000001 01 01 00000001 82  000001 09 00 00000001 87"
                + "000000 09 00 00000001  000001 09 04 00000001 84"));
    }

    @Test
    void continuationsAreBoundedInNumber() {
        var error = assertThrows(Http2Error.class, () -> read("000001 01 00 00000001 82" + "000000 09 00 00000001".repeat(65)));
        assertEquals(ErrorCode.ENHANCE_YOUR_CALM, error.code());
        assertEquals(66, log.frames().size());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void headerBlocksAreBoundedInBytes(int frames) {
        var tight = new FrameReader(log, true, MAX_FRAME, 2999);
        ByteBuffer in = ByteBuffer.allocate(4000);
        for (int frame = 0; frame < frames; frame++) {
            int last = frame == frames - 1 ? FrameType.END_HEADERS : 0;
            FrameWriter.header(in, 3000 / frames, frame == 0 ? FrameType.HEADERS : FrameType.CONTINUATION, last, 1);
            in.position(in.position() + 3000 / frames);
        }
        assertEquals(ErrorCode.ENHANCE_YOUR_CALM, assertThrows(Http2Error.class, () -> readAll(tight, in.flip())).code());
    }

    @Test
    void framesMeanTheSameWhereverTheirBytesAreCut() throws Http2Error {
        ByteBuffer bytes = Blocks.hex("000006 00 08 00000001 02 616263 0000  000003 01 00 00000003 828784"
                + "000001 09 05 00000003 84"
                + "000006 04 00 00000000 0001 00000000  000000 00 01 00000001  000003 00 08 00000001 02 0000"
                + "000008 06 00 00000000 0000000000000007  000003 fa 00 00000001 010203");
        readAll(reader, bytes.duplicate());
        List<String> whole = List.copyOf(log.lines());
        assertEquals(7, whole.size());
        for (int cut = 0; cut <= bytes.limit(); cut++) {
            assertEquals(whole, inParts(bytes, cut), "cut at " + cut);
        }
        assertEquals(whole, inParts(bytes, -1), "byte by byte");
    }

    private static List<String> inParts(ByteBuffer bytes, int cut) throws Http2Error {
        var parts = new FrameLog();
        var partReader = new FrameReader(parts, true, MAX_FRAME, 1000);
        ByteBuffer in = ByteBuffer.allocate(partReader.bufferSize()).limit(0);
        for (int at = 0; at < bytes.limit();) {
            int size = cut < 0 ? 1 : at < cut ? cut - at : bytes.limit() - at;
            in.compact().put(bytes.slice(at, size)).flip();
            readAll(partReader, in);
            at += size;
        }
        assertFalse(in.hasRemaining());
        return parts.lines();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1000, 16_393, 1 << 20})
    void longFramesAreTakenInParts(int most) throws Http2Error {
        ByteBuffer bytes = ByteBuffer.allocate(1 << 20);
        FrameWriter.header(bytes, 6 + 30_000 + 2, FrameType.HEADERS, FrameType.PADDED | FrameType.WITH_PRIORITY
                | FrameType.END_STREAM, 3);
        bytes.put((byte) 2).putInt(0).put((byte) 0).put(new byte[30_000]).put(new byte[2]);
        FrameWriter.header(bytes, 20_000, FrameType.CONTINUATION, FrameType.END_HEADERS, 3);
        bytes.put(new byte[20_000]);
        FrameWriter.header(bytes, 70_000, 0xfa, 0, 0);
        bytes.put(new byte[70_000]);
        FrameWriter.data(bytes, 5, 40_000, false);
        bytes.put("x".repeat(40_000).getBytes(StandardCharsets.US_ASCII));
        FrameWriter.ping(bytes, 7, false);
        var long50 = new FrameReader(log, true, 1 << 20, 50_000);
        feed(long50, bytes.flip(), most);
        assertEquals(List.of("headers 3 " + "00".repeat(50_000) + " end", "data " + "x".repeat(40_000) + " counted 40000",
                "ping 7"),
                log.lines());
    }

    private static void feed(FrameReader to, ByteBuffer bytes, int most) throws Http2Error {
        ByteBuffer in = ByteBuffer.allocate(to.bufferSize()).limit(0);
        while (bytes.hasRemaining()) {
            in.compact();
            int size = Math.min(most, Math.min(in.remaining(), bytes.remaining()));
            in.put(bytes.slice(bytes.position(), size)).flip();
            bytes.position(bytes.position() + size);
            readAll(to, in);
        }
    }

    @Test
    void longFramesOfTheConnectionAndTooLongBlocksAreRefused() {
        var wide = new FrameReader(log, true, 1 << 20, 50_000);
        assertEquals(ErrorCode.ENHANCE_YOUR_CALM, assertThrows(Http2Error.class,
                () -> wide.read(Blocks.hex("004002 04 00 00000000"))).code(), "SETTINGS of 16,386 bytes");
        var again = new FrameReader(log, true, 1 << 20, 50_000);
        assertEquals(ErrorCode.ENHANCE_YOUR_CALM, assertThrows(Http2Error.class,
                () -> again.read(Blocks.hex("00c351 01 04 00000001"))).code(), "a block of 50,001 bytes");
    }

    @Test
    void writtenFramesAreRead() throws Http2Error {
        assertEquals("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", StandardCharsets.US_ASCII.decode(FrameWriter.preface()).toString());
        assertEquals(List.of("setting 3 100", "setting 4 65536", "settings"), written(out -> FrameWriter.settings(out,
                PeerSettings.MAX_CONCURRENT_STREAMS, 100, PeerSettings.INITIAL_WINDOW_SIZE, 65_536)));
        assertEquals(List.of("settings ack"), written(FrameWriter::settingsAcknowledgement));
        assertEquals(List.of("ping -2 ack"), written(out -> FrameWriter.ping(out, -2, true)));
        assertEquals(List.of("reset 7 REFUSED_STREAM"), written(out -> FrameWriter.reset(out, 7, ErrorCode.REFUSED_STREAM)));
        assertEquals(List.of("goaway 9 NO_ERROR bye"), written(out -> FrameWriter.goAway(out, 9, ErrorCode.NO_ERROR, "bye")));
        assertEquals(List.of("window 3 70000"), written(out -> FrameWriter.windowUpdate(out, 3, 70_000)));
        assertEquals(List.of("data hi counted 2 end"), written(out -> {
            FrameWriter.data(out, 5, 2, true);
            out.put((byte) 'h').put((byte) 'i');
        }));
    }

    private static List<String> written(Consumer<ByteBuffer> frame) throws Http2Error {
        var written = new FrameLog();
        ByteBuffer out = ByteBuffer.allocate(100);
        frame.accept(out);
        readAll(new FrameReader(written, true, MAX_FRAME, 1000), out.flip());
        return written.lines();
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "16384, 1", "16385, 2", "32768, 2", "32769, 3"})
    void headerBlocksAreWrittenInAsManyFramesAsTheyNeed(int size, int frames) throws Http2Error {
        ByteBuffer out = ByteBuffer.allocate(FrameReader.HEADER_SIZE + size + FrameWriter.continuationBound(size, MAX_FRAME));
        int start = FrameWriter.beginHeaders(out);
        ByteBuffer block = ByteBuffer.allocate(size);
        while (block.hasRemaining()) {
            block.put((byte) (block.position() * 31 >> 3));
        }
        out.put(block.flip());
        FrameWriter.endHeaders(out, start, 3, true, MAX_FRAME);
        readAll(reader, out.flip());
        assertFalse(out.hasRemaining());
        assertEquals(List.of("headers 3 " + Blocks.hex(block.rewind()) + " end"), log.lines());
        assertEquals(frames, log.frames().size());
    }

    @Test
    void windowsStayBelowTwoToThe31() throws Http2Error {
        var window = new FlowWindow(3, FlowWindow.DEFAULT_SIZE);
        window.add(-70_000);
        assertEquals(-4465, window.size());
        assertEquals(3, assertThrows(Http2Error.class, () -> window.received(1)).stream());
        window.add(Integer.MAX_VALUE + 4465L);
        assertEquals(ErrorCode.FLOW_CONTROL_ERROR, assertThrows(Http2Error.class, () -> window.add(1)).code());
        assertTrue(assertThrows(Http2Error.class, () -> new FlowWindow(0, 5).received(6)).isOfConnection());
    }

    @Test
    void settingsOfThePeerStartWithTheDefaults() {
        var settings = new PeerSettings();
        assertEquals(4096, settings.headerTableSize());
        assertEquals(Long.MAX_VALUE, settings.maxConcurrentStreams());
        assertEquals(65_535, settings.initialWindowSize());
        assertEquals(16_384, settings.maxFrameSize());
        assertEquals(Long.MAX_VALUE, settings.maxHeaderListSize());
        for (int id = 1; id <= 9; id++) {
            settings.set(id, id == 2 ? 0 : id == 8 ? 1 : 20_000 + id);
        }
        assertEquals(List.of(20_001L, 20_003L, 20_004L, 20_005L, 20_006L), List.of(settings.headerTableSize(),
                settings.maxConcurrentStreams(), (long) settings.initialWindowSize(), (long) settings.maxFrameSize(),
                settings.maxHeaderListSize()));
    }
}
