package io.selvage.attacks;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.Arrays;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/// Clients of HTTP/2 that know beforehand that the server speaks it (RFC 9113 §3.3).
final class Http2Client {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RESET = 3;
    private static final int SETTINGS = 4;
    private static final int GOAWAY = 7;
    private static final int CONTINUATION = 9;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final int PADDED = 8;
    private static final int WINDOW = 60_000;

    private Http2Client() {
    }

    /// A body in frames of one size, within the window that every stream has at first.
    static String data(Target target, int size, int count) throws IOException {
        var out = begin();
        headers(out, 1, "/app/", END_HEADERS, 0x83);
        for (int i = 0; i < Math.min(count, WINDOW / size); i++) {
            frame(out, DATA, 0, 1, new byte[size]);
        }
        frame(out, DATA, END_STREAM, 1, new byte[0]);
        return ask(target, out, 1);
    }

    /// Padding counts in the window; each frame has 250 bytes of it.
    static String paddedData(Target target, int count) throws IOException {
        var out = begin();
        headers(out, 1, "/app/", END_HEADERS, 0x83);
        byte[] padded = new byte[252];
        padded[0] = (byte) 250;
        for (int i = 0; i < Math.min(count, WINDOW / padded.length); i++) {
            frame(out, DATA, PADDED, 1, padded);
        }
        frame(out, DATA, END_STREAM, 1, new byte[0]);
        return ask(target, out, 1);
    }

    /// Requests for a small file, one stream after the other.
    static String streams(Target target, int count) throws IOException {
        try (Socket socket = target.connect(target.http2())) {
            var out = begin();
            socket.getOutputStream().write(out.toByteArray());
            var in = new DataInputStream(socket.getInputStream());
            String result = "";
            for (int i = 0; i < count && !result.startsWith("goaway"); i++) {
                out.reset();
                headers(out, 2 * i + 1, "/small.txt", END_HEADERS | END_STREAM, 0x82);
                socket.getOutputStream().write(out.toByteArray());
                result = await(in, 2 * i + 1);
            }
            return result;
        }
    }

    /// A head with so many fields of the table of RFC 7541, one byte each.
    static String fields(Target target, int count) throws IOException {
        var out = begin();
        headers(out, 1, "/small.txt", END_STREAM, 0x82);
        byte[] fields = new byte[count];
        Arrays.fill(fields, (byte) 0x90);        // accept-encoding: gzip, deflate
        frame(out, CONTINUATION, END_HEADERS, 1, fields);
        return ask(target, out, 1);
    }

    private static ByteArrayOutputStream begin() {
        var out = new ByteArrayOutputStream();
        out.writeBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1));
        frame(out, SETTINGS, 0, 0, new byte[0]);
        return out;
    }

    private static void headers(ByteArrayOutputStream out, int stream, String path, int flags, int method) {
        var block = new ByteArrayOutputStream();
        block.write(method);
        block.write(0x86);                                  // :scheme http
        block.write(0x04);                                  // :path
        block.write(path.length());
        block.writeBytes(path.getBytes(ISO_8859_1));
        block.write(0x01);                                  // :authority
        block.write(1);
        block.write('a');
        frame(out, HEADERS, flags, stream, block.toByteArray());
    }

    private static void frame(ByteArrayOutputStream out, int type, int flags, int stream, byte[] payload) {
        out.write(payload.length >> 16);
        out.write(payload.length >> 8);
        out.write(payload.length);
        out.write(type);
        out.write(flags);
        out.write(0);
        out.write(0);
        out.write(stream >> 8);
        out.write(stream);
        out.writeBytes(payload);
    }

    private static String ask(Target target, ByteArrayOutputStream out, int stream) throws IOException {
        try (Socket socket = target.connect(target.http2())) {
            socket.getOutputStream().write(out.toByteArray());
            return await(new DataInputStream(socket.getInputStream()), stream);
        } catch (IOException e) {
            return "reset";
        }
    }

    /// Reads frames until the stream or the connection ends.
    private static String await(DataInputStream in, int wanted) throws IOException {
        while (true) {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int stream = in.readInt();
            byte[] payload = in.readNBytes(length);
            if (type == GOAWAY) {
                return "goaway" + payload[7];
            }
            if (stream == wanted && type == RESET) {
                return "rst" + payload[3];
            }
            if (stream == wanted && (type == DATA || type == HEADERS) && (flags & END_STREAM) != 0) {
                return "ended";
            }
        }
    }
}
