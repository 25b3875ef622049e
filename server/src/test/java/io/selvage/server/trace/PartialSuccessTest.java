package io.selvage.server.trace;

import io.opentelemetry.proto.collector.trace.v1.ExportTracePartialSuccess;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// Answers to exports, as protoc's classes write them and as no receiver should.
class PartialSuccessTest {
    private static Optional<PartialSuccess> read(byte[] bytes) {
        return PartialSuccess.read(ByteBuffer.wrap(bytes));
    }

    private static byte[] response(long rejected, String message) {
        return ExportTraceServiceResponse.newBuilder().setPartialSuccess(ExportTracePartialSuccess.newBuilder()
                .setRejectedSpans(rejected).setErrorMessage(message)).build().toByteArray();
    }

    @Test
    void rejectedSpansAndTheReasonAreRead() {
        assertEquals(Optional.of(new PartialSuccess(300, "too long \u00e4")), read(response(300, "too long \u00e4")));
        assertEquals(Optional.of(new PartialSuccess(0, "deprecated")), read(response(0, "deprecated")));
        assertEquals(Optional.of(new PartialSuccess(1, "")), read(response(1, "")));
    }

    @Test
    void answerWithoutAnObjectionIsNone() {
        assertEquals(Optional.empty(), read(new byte[0]));
        assertEquals(Optional.empty(), read(response(0, "")));
        assertEquals(Optional.empty(), read(response(-5, "")));
    }

    @Test
    void fieldsThatComeLaterArePassedOver() {
        byte[] known = response(2, "x");
        byte[] more = HexFormat.of().parseHex("1001" + "1a0161" + "250000000000".substring(0, 10) + "290000000000000000");
        byte[] all = Arrays.copyOf(more, more.length + known.length);
        System.arraycopy(known, 0, all, more.length, known.length);
        assertEquals(Optional.of(new PartialSuccess(2, "x")), read(all));
    }

    @Test
    void brokenAnswersAreNone() {
        byte[] whole = response(300, "too long");
        for (int cut = 1; cut < whole.length; cut++) {
            assertEquals(Optional.empty(), read(Arrays.copyOf(whole, cut)), "cut at " + cut);
        }
        assertEquals(Optional.empty(), read(HexFormat.of().parseHex("0affffffffffffffffff01")));
        assertEquals(Optional.empty(), read(HexFormat.of().parseHex("ffffffffffffffffffffff")));
        var random = new SplittableRandom(1);
        for (int i = 0; i < 2_000; i++) {
            byte[] rubbish = new byte[random.nextInt(40)];
            random.nextBytes(rubbish);
            read(rubbish);                                 // ends, and throws nothing
        }
    }

    @Test
    void reportHasTheReasonInBounds() {
        assertEquals("has rejected 2 spans: because", new PartialSuccess(2, "because").words());
        assertEquals("warns: old", new PartialSuccess(0, "old").words());
        assertEquals("has rejected 1 span", new PartialSuccess(1, "").words());
        assertEquals(500 + "warns: ...".length(), new PartialSuccess(0, "x".repeat(9_999)).words().length());
    }
}
