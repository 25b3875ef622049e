package io.selvage.server.http2;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http2.hpack.HpackException;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

/// The decoder beside that of Jetty: blocks that are right and blocks with changed bytes mean the same to both.
class HpackDifferentialTest {
    private static final int WIDE = 1 << 20;
    private static final String REFUSED = "COMPRESSION_ERROR";
    private static final String NOT_COMPARED = "not compared";

    @RepeatedTest(20)
    void bothDecodersUnderstandTheSame(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        int compared = 0;
        for (int connection = 0; connection < 200; connection++) {
            compared += connection(random);
        }
        assertFalse(compared < 200, "compared " + compared);
    }

    /// Blocks of one connection, up to the first that is refused.
    private static int connection(SplittableRandom random) {
        var encoder = new HpackEncoder(4096);
        var ours = new HpackDecoder(4096, WIDE);
        var theirs = new org.eclipse.jetty.http2.hpack.HpackDecoder(WIDE, () -> 0L);
        theirs.setMaxTableCapacity(4096);
        int compared = 0;
        for (int block = 0; block < 8; block++) {
            byte[] bytes = block(encoder, random);
            List<String> expected = jetty(theirs, bytes);
            List<String> found = selvage(ours, bytes);
            if (found.stream().anyMatch(HpackDifferentialTest::isNoNumber)) {
                return compared;                               // Jetty parses numbers while it decodes, and gives up
            }
            if (expected.contains(REFUSED) && hasByteOfPadding(bytes)) {
                return compared;                               // Jetty refuses a needless byte of padding
            }
            if (expected.contains(REFUSED) || found.contains(REFUSED)) {
                assertEquals(expected, found, () -> Blocks.hex(ByteBuffer.wrap(bytes)));
                return compared;
            }
            if (!expected.contains(NOT_COMPARED)) {
                assertEquals(expected, found, () -> Blocks.hex(ByteBuffer.wrap(bytes)));
                compared++;
            }
        }
        return compared;
    }

    private static boolean hasByteOfPadding(byte[] block) {
        return new String(block, ISO_8859_1).indexOf('\u00ff') >= 0;
    }

    private static boolean isNoNumber(String field) {
        return field.matches("(?s)(:status|content-length): .*") && !field.matches("[^ ]+ \\d{1,9}");
    }

    private static byte[] block(HpackEncoder encoder, SplittableRandom random) {
        String[] fields = new String[2 * random.nextInt(1, 6)];
        for (int i = 0; i < fields.length; i += 2) {
            fields[i] = "x-" + Integer.toString(random.nextInt(20), 36);
            fields[i + 1] = Long.toString(random.nextLong(1L << random.nextInt(1, 60)), 36);
        }
        ByteBuffer block = Blocks.encode(encoder, fields);
        byte[] bytes = new byte[block.remaining()];
        block.get(bytes);
        if (random.nextInt(4) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private static List<String> selvage(HpackDecoder decoder, byte[] bytes) {
        try {
            return Blocks.decode(decoder, ByteBuffer.wrap(bytes));
        } catch (Http2Error e) {
            return List.of(e.code().name());
        }
    }

    private static List<String> jetty(org.eclipse.jetty.http2.hpack.HpackDecoder decoder, byte[] bytes) {
        try {
            List<String> fields = new ArrayList<>();
            var message = decoder.decode(ByteBuffer.wrap(bytes));
            if (message.isRequest() || message.isResponse()) {
                return List.of(NOT_COMPARED);                  // pseudo-header fields are not in order there
            }
            for (HttpField field : message.getHttpFields()) {
                String value = field.getValue();
                fields.add(field.getName().toLowerCase(Locale.ROOT) + ": " + (value == null ? "" : value));
            }
            return fields;
        } catch (HpackException.StreamException _) {
            return List.of(NOT_COMPARED);                      // well-formed as a block, but no message
        } catch (HpackException.SessionException _) {
            return List.of(REFUSED);
        }
    }
}
