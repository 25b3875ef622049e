package io.selvage.server.proxy;

import io.selvage.server.http2.FrameType;
import io.selvage.server.http2.HpackDecoder;
import io.selvage.server.http2.HpackEncoder;
import io.selvage.server.http2.Http2Error;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/// The peer's end of an HTTP/2 connection: frames as they are on the wire.
public final class Http2Wire {
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final int ROOM = 1 << 20;

    private final Origin.Wire wire;
    private final HpackDecoder decoder = new HpackDecoder(4096, ROOM);
    private final HpackEncoder encoder = new HpackEncoder(4096);

    private Http2Wire(Origin.Wire wire) {
        this.wire = wire;
    }

    /// Reads the preface and greets with these settings, an identifier and a value in turn.
    public static Http2Wire greet(Origin.Wire wire, int... settings) throws IOException {
        String preface = wire.readBytes(PREFACE.length());
        if (!preface.equals(PREFACE)) {
            throw new IllegalStateException("no preface: " + preface);
        }
        Http2Wire frames = new Http2Wire(wire);
        StringBuilder payload = new StringBuilder();
        for (int i = 0; i < settings.length; i += 2) {
            payload.append(number(settings[i], 2)).append(number(settings[i + 1], 4));
        }
        frames.frame(FrameType.SETTINGS, 0, 0, payload.toString());
        return frames;
    }

    /// A frame that was received.
    ///
    /// @param text the fields of a head, the bytes of DATA, or the number in another frame
    public record Frame(int type, int flags, int stream, String text) {
        public boolean ends() {
            return type <= FrameType.HEADERS && (flags & FrameType.END_STREAM) != 0;
        }
    }

    /// A request that was received.
    ///
    /// @param head its fields as `name: value`, each ended by a line feed
    /// @param trailers likewise
    public record Request(int stream, String head, String body, String trailers) {
    }

    /// The next frame.
    public Frame next() throws IOException {
        String header = wire.readBytes(9);
        String payload = wire.readBytes(value(header, 0, 3));
        int type = header.charAt(3);
        int stream = value(header, 5, 4);
        String text = switch (type) {
            case FrameType.HEADERS -> fields(payload);
            case FrameType.RST_STREAM, FrameType.WINDOW_UPDATE -> Integer.toString(value(payload, 0, 4));
            case FrameType.GOAWAY -> value(payload, 4, 4) + " " + payload.substring(8);
            default -> payload;
        };
        return new Frame(type, header.charAt(4), stream, text);
    }

    /// The next frame of this type; others are skipped.
    public Frame next(int type) throws IOException {
        Frame frame = next();
        while (frame.type != type) {
            frame = next();
        }
        return frame;
    }

    /// The next request, whose frames are not mixed with those of another.
    public Request readRequest() throws IOException {
        Frame head = next(FrameType.HEADERS);
        StringBuilder body = new StringBuilder();
        Frame last = head;
        String trailers = "";
        while (!last.ends()) {
            last = next();
            if (last.type == FrameType.DATA) {
                body.append(last.text);
            } else if (last.type == FrameType.HEADERS) {
                trailers = last.text;
            }
        }
        Request request = new Request(head.stream, head.text, body.toString(), trailers);
        wire.record(request.head + "\n" + request.body);
        return request;
    }

    private String fields(String block) throws IOException {
        List<String> fields = new ArrayList<>();
        try {
            decoder.decode(ByteBuffer.wrap(block.getBytes(ISO_8859_1)),
                    (name, value, _) -> fields.add(name + ": " + value + "\n"));
        } catch (Http2Error e) {
            throw new IOException(e);
        }
        return String.join("", fields);
    }

    /// Sends a head of names and values in turn.
    public Http2Wire head(int stream, boolean ends, String... fields) throws IOException {
        return frame(FrameType.HEADERS, FrameType.END_HEADERS | (ends ? FrameType.END_STREAM : 0), stream, block(fields));
    }

    /// A header block.
    public String block(String... fields) {
        ByteBuffer out = ByteBuffer.allocate(ROOM);
        for (int i = 0; i < fields.length; i += 2) {
            encoder.field(fields[i], fields[i + 1], out);
        }
        return ISO_8859_1.decode(out.flip()).toString();
    }

    public Http2Wire data(int stream, boolean ends, String bytes) throws IOException {
        return frame(FrameType.DATA, ends ? FrameType.END_STREAM : 0, stream, bytes);
    }

    /// Sends a whole response.
    public Http2Wire respond(int stream, String status, String body) throws IOException {
        return head(stream, false, ":status", status, "content-length", Integer.toString(body.length())).data(stream, true, body);
    }

    /// Sends a frame with any payload, one character a byte.
    public Http2Wire frame(int type, int flags, int stream, String payload) throws IOException {
        wire.send(number(payload.length(), 3) + (char) type + (char) flags + number(stream, 4) + payload);
        return this;
    }

    /// A frame whose payload is one number of four bytes.
    public Http2Wire frame(int type, int stream, int value) throws IOException {
        return frame(type, 0, stream, number(value, 4));
    }

    public Http2Wire goAway(int lastStream, int code) throws IOException {
        return frame(FrameType.GOAWAY, 0, 0, number(lastStream, 4) + number(code, 4));
    }

    /// A number of so many bytes, one character a byte.
    public static String number(int value, int bytes) {
        StringBuilder text = new StringBuilder();
        for (int i = bytes - 1; i >= 0; i--) {
            text.append((char) (value >> 8 * i & 0xff));
        }
        return text.toString();
    }

    private static int value(String bytes, int from, int count) {
        int value = 0;
        for (int i = from; i < from + count; i++) {
            value = value << 8 | bytes.charAt(i);
        }
        return value;
    }
}
