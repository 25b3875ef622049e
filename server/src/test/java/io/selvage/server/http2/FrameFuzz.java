package io.selvage.server.http2;

import io.selvage.server.fuzz.FuzzInput;
import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.HostOptions;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Frames as a client or a peer sends them, with the fields in them. The input is what comes from the connection.
public final class FrameFuzz {
    private static final int MAX_FRAME = 16_384;
    private static final int MAX_BLOCK = 300;

    private FrameFuzz() {
    }

    /// Called by the fuzzer.
    public static void fuzzerTestOneInput(byte[] input) {
        List<String> whole = read(input, input.length);
        for (int cut : FuzzInput.cuts(input)) {
            assertEquals(whole, read(input, cut), "cut at " + cut);
        }
        assertEquals(whole, read(input, 0), "byte by byte");
        fields(input);
    }

    /// What is reported of the bytes; the last line is the error.
    private static List<String> read(byte[] input, int cut) {
        FrameLog log = new FrameLog();
        var reader = new FrameReader(log, true, MAX_FRAME, MAX_BLOCK);
        ByteBuffer in = ByteBuffer.allocate(reader.bufferSize()).limit(0);
        String error = "";
        try {
            for (int at = 0; at < input.length;) {
                int most = cut == 0 ? 1 : at < cut ? cut - at : input.length - at;
                in.compact();
                int size = Math.min(most, in.remaining());
                in.put(input, at, size).flip();
                at += size;
                while (reader.read(in)) {
                    assertTrue(in.remaining() <= reader.bufferSize());
                }
            }
        } catch (Http2Error e) {
            assertTrue(e.isOfConnection());
            error = e.code() + " " + e.detail();
        }
        log.finishData("");
        List<String> lines = new ArrayList<>(log.lines());
        lines.add(error);
        return lines;
    }

    /// The input as one header block: every reading of it ends in a value or an [Http2Error].
    private static void fields(byte[] input) {
        var request = new RequestAssembler(ClientOptions.DEFAULT.head(), HostOptions.SAME);
        var response = new ResponseAssembler();
        var trailers = new TrailerAssembler();
        request.begin();
        response.begin();
        trailers.begin();
        try {
            boolean complete = new HpackDecoder(4096, MAX_FRAME).decode(ByteBuffer.wrap(input), (name, value, traits) -> {
                request.field(name, value, traits);
                response.field(name, value, traits);
                trailers.field(name, value, traits);
            });
            if (request.finish(complete, false, 1) instanceof AssembledRequest.Valid valid) {
                var head = valid.head();
                assertTrue(head.host().isPresent() && head.headers().contains("Host"));
                assertTrue(head.target().raw().startsWith("/") || head.target().raw().equals("*"));
            }
            if (response.finish(complete) instanceof AssembledResponse.Valid valid) {
                assertTrue(valid.head().status().code() != 101);
            }
            trailers.finish(1, complete);
        } catch (Http2Error e) {
            assertTrue(e.code() == ErrorCode.COMPRESSION_ERROR || e.code() == ErrorCode.PROTOCOL_ERROR);
        }
    }
}
