package io.selvage.server.http1;

import io.selvage.server.fuzz.FuzzInput;
import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import io.selvage.server.http.HostOptions;
import io.selvage.server.http.RequestHead;
import io.selvage.server.http.Target;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Request heads as clients send them. The input is what comes from the connection.
public final class RequestHeadFuzz {
    /// Keeps every field, and has bounds that short inputs reach.
    private static final ClientOptions TIGHT =
            with(new ClientOptions.Head(64, 2, 96, 6, Duration.ofSeconds(60), true, false, false));
    /// For heads that were written here.
    private static final ClientOptions WIDE =
            with(new ClientOptions.Head(1 << 16, 4, 1 << 16, 1001, Duration.ofSeconds(60), true, false, false));

    private RequestHeadFuzz() {
    }

    private static ClientOptions with(ClientOptions.Head head) {
        ClientOptions usual = ClientOptions.DEFAULT;
        return new ClientOptions(head, usual.receiving(), usual.keepAlive(), usual.lingering(), usual.sending(), usual.http2(),
                false);
    }

    /// Called by the fuzzer.
    public static void fuzzerTestOneInput(byte[] input) throws Failure {
        for (ClientOptions options : List.of(ClientOptions.DEFAULT, TIGHT)) {
            HeadParser parser = new HeadParser(options);
            var parsed = HeadPieces.parse(input, () -> {
                parser.begin(options, FieldRules.ofClient(options), HostOptions.SAME);
                return parser::parse;
            });
            if (parsed instanceof Parsed.Head(RequestHead head, int used)) {
                check(head, used, Arrays.copyOf(input, used), options);
            }
        }
    }

    private static void check(RequestHead head, int used, byte[] bytes, ClientOptions options) throws Failure {
        FieldRules rules = FieldRules.ofClient(options);
        assertEquals(used, head.size());
        assertTrue(used <= rules.maxBytes(), () -> used + " bytes");
        assertEquals('\n', bytes[used - 1]);
        HeadPieces.assertWritable(head.headers(), rules);
        assertEquals(new Parsed.Head<>(head, used), new HeadParser(options).parse(bytes, 0, used), "without what follows it");
        framed(head);
    }

    /// The head as a peer would get it must have the same meaning to a reader.
    private static void framed(RequestHead head) throws Failure {
        Framing framing = Framing.ofRequest(head);
        List<String> lengths = head.headers().all("Content-Length");
        List<String> codings = head.headers().all("Transfer-Encoding");
        switch (framing) {
            case Framing.None() -> assertTrue(lengths.isEmpty() && codings.isEmpty());
            case Framing.Length(long bytes) -> {
                assertTrue(codings.isEmpty() && bytes >= 0);
                lengths.forEach(length -> assertEquals(bytes, Long.parseLong(length)));
            }
            case Framing.Chunked() -> {
                assertTrue(lengths.isEmpty());
                assertTrue(codings.getLast().equalsIgnoreCase("chunked"));
            }
            case Framing.UntilClose() -> throw new AssertionError("a request that ends with the connection");
            case Framing.Refused(var why) -> {
                assertTrue(why.status().code() >= 400);
                return;
            }
        }
        assertSurvivesWriting(head, framing);
    }

    private static void assertSurvivesWriting(RequestHead head, Framing framing) throws Failure {
        Target target = head.target();
        String sent = target.raw().startsWith("/") || target.form() == Target.Form.ASTERISK ? target.raw() : "/" + target.raw();
        RequestHead again = parsed(bytes(WrittenRequest.head(head.method(), sent, head.version(), head.headers(), framing)),
                WIDE);
        assertEquals(head.method(), again.method());
        assertEquals(head.version(), again.version());
        assertEquals(sent, again.target().raw());
        assertEquals(target.query(), again.target().query());
        assertEquals(withoutFraming(head.headers()), withoutFraming(again.headers()));
        assertEquals(framing, Framing.ofRequest(again));
    }

    private static RequestHead parsed(byte[] bytes, ClientOptions options) {
        var parsed = new HeadParser(options).parse(bytes, 0, bytes.length);
        return (RequestHead) assertInstanceOf(Parsed.Head.class, parsed, FuzzInput.latin1(bytes)).head();
    }

    private static Headers withoutFraming(Headers headers) {
        return headers.without("Content-Length").without("Transfer-Encoding");
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
