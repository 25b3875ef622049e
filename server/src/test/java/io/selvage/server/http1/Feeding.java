package io.selvage.server.http1;

import io.selvage.server.http.BodySource;
import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Refusal;
import io.selvage.server.http.RequestHead;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/// Passes bytes to parsers as a network would: complete, in two pieces, byte by byte.
final class Feeding {

    /// A parser of any kind of head.
    interface Parser<H> {
        Parsed<H> parse(byte[] window, int from, int to);
    }

    private Feeding() {
    }

    static byte[] bytes(String latin1) {
        return latin1.getBytes(StandardCharsets.ISO_8859_1);
    }

    /// Passes pieces in sequence and drops the used bytes, as the input of a connection does.
    static <H> Parsed<H> feed(Parser<H> parser, byte[]... pieces) {
        byte[] window = {};
        int total = 0;
        for (byte[] piece : pieces) {
            window = concat(window, piece);
            switch (parser.parse(window, 0, window.length)) {
                case Parsed.NeedMore(int used) -> {
                    window = Arrays.copyOfRange(window, used, window.length);
                    total += used;
                }
                case Parsed.Head(H head, int used) -> {
                    return new Parsed.Head<>(head, total + used);
                }
                case Parsed.Refused<H> refused -> {
                    return refused;
                }
            }
        }
        return new Parsed.NeedMore<>(total);
    }

    static byte[][] cutAt(byte[] bytes, int cut) {
        return new byte[][] {Arrays.copyOfRange(bytes, 0, cut), Arrays.copyOfRange(bytes, cut, bytes.length)};
    }

    static byte[][] singly(byte[] bytes) {
        byte[][] pieces = new byte[bytes.length][];
        for (int i = 0; i < bytes.length; i++) {
            pieces[i] = new byte[] {bytes[i]};
        }
        return pieces;
    }

    /// Changes, removes, doubles or inserts some bytes.
    static byte[] mutate(byte[] bytes, SplittableRandom random) {
        String interesting = "\r\n\t \0:;,/*%.\u000b\u0080\u00ff0Aa";
        StringBuilder text = new StringBuilder(new String(bytes, StandardCharsets.ISO_8859_1));
        for (int i = random.nextInt(1, 6); i > 0 && !text.isEmpty(); i--) {
            int at = random.nextInt(text.length());
            char c = random.nextBoolean() ? interesting.charAt(random.nextInt(interesting.length())) : (char) random.nextInt(256);
            switch (random.nextInt(4)) {
                case 0 -> text.setCharAt(at, c);
                case 1 -> text.deleteCharAt(at);
                case 2 -> text.insert(at, c);
                default -> text.insert(at, text.substring(at, Math.min(text.length(), at + random.nextInt(20))));
            }
        }
        return bytes(text.toString());
    }

    static RequestHead head(String request) {
        Parsed<RequestHead> parsed = feed(new HeadParser(ClientOptions.DEFAULT)::parse, bytes(request));
        return switch (parsed) {
            case Parsed.Head(RequestHead head, int _) -> head;
            case Parsed.NeedMore<RequestHead> _ -> throw new AssertionError("incomplete");
            case Parsed.Refused(Refusal why) -> throw new AssertionError(why.toString());
        };
    }

    /// Reads a body to its end.
    static String text(BodySource body) throws Failure {
        StringBuilder text = new StringBuilder();
        ByteBuffer buffer = ByteBuffer.allocate(50);
        while (body.read(buffer.clear()) >= 0) {
            text.append(StandardCharsets.ISO_8859_1.decode(buffer.flip()));
        }
        return text.toString();
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
