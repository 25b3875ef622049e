package io.selvage.server.http1;

import io.selvage.server.http.Failure;
import io.selvage.server.http.Method;
import io.selvage.server.http.ResponseHead;
import java.nio.ByteBuffer;
import java.util.Arrays;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Heads of responses as peers send them, in the form of HTTP/1 and in that of CGI. The input is what comes from the connection.
public final class ResponseHeadFuzz {
    private static final FieldRules USUAL = FieldRules.ofPeer(4096);
    /// A bound that short inputs reach.
    private static final FieldRules TIGHT = FieldRules.ofPeer(96);
    private static final FieldRules WIDE = FieldRules.ofPeer(1 << 16);

    private ResponseHeadFuzz() {
    }

    /// Called by the fuzzer.
    public static void fuzzerTestOneInput(byte[] input) throws Failure {
        check(input, USUAL, true);
        check(input, USUAL, false);
        check(input, TIGHT, true);
    }

    private static void check(byte[] input, FieldRules rules, boolean statusLineNeeded) throws Failure {
        ResponseHeadParser parser = new ResponseHeadParser(rules, statusLineNeeded);
        var parsed = HeadPieces.parse(input, () -> {
            parser.begin(rules, statusLineNeeded);
            return parser::parse;
        });
        if (parsed instanceof Parsed.Head(PeerHead(var version, ResponseHead head), int used)) {
            assertTrue(used <= rules.maxBytes(), () -> used + " bytes");
            assertEquals('\n', input[used - 1]);
            assertTrue(head.status().code() >= 100 && head.status().code() <= 999);
            assertTrue(HeadPieces.isLineSafe(head.status().reason()));
            HeadPieces.assertWritable(head.headers(), rules);
            assertEquals(parsed, new ResponseHeadParser(rules, statusLineNeeded).parse(Arrays.copyOf(input, used), 0, used));
            assertEquals(head, parsed(HeadWriter.bytes(head)));
            Framing framing = Framing.ofResponse(Method.GET, version, head);
            if (framing instanceof Framing.Length || framing instanceof Framing.Chunked) {
                assertTrue(head.headers().contains("Content-Length") ^ head.headers().contains("Transfer-Encoding"));
            }
        }
    }

    private static ResponseHead parsed(ByteBuffer bytes) {
        var again = new ResponseHeadParser(WIDE).parse(bytes.array(), bytes.position(), bytes.limit());
        return ((PeerHead) assertInstanceOf(Parsed.Head.class, again).head()).head();
    }
}
