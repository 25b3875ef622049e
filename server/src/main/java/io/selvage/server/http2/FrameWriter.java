package io.selvage.server.http2;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Writes frames (RFC 9113 §6) into buffers that have room for them. Has no state.
public final class FrameWriter {
    /// What a client sends first (RFC 9113 §3.4).
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final int HEADER_SIZE = FrameReader.HEADER_SIZE;
    private static final int INT = Integer.BYTES;
    private static final int SETTING_SIZE = 6;

    private FrameWriter() {
    }

    /// The 24 bytes that a client sends first (RFC 9113 §3.4), in a buffer of their own, to be read only.
    public static ByteBuffer preface() {
        return ByteBuffer.wrap(PREFACE).asReadOnlyBuffer();
    }

    /// The header of a frame; its payload has to follow.
    public static void header(ByteBuffer out, int length, int type, int flags, int stream) {
        out.putInt(length << 8 | type);
        out.put((byte) flags);
        out.putInt(stream);
    }

    /// The header of a DATA frame without padding; its payload has to follow.
    public static void data(ByteBuffer out, int stream, int length, boolean endStream) {
        header(out, length, FrameType.DATA, endStream ? FrameType.END_STREAM : 0, stream);
    }

    /// Reserves the place of the header of a HEADERS frame. A header block has to follow, and [#endHeaders] behind it.
    ///
    /// @return where it is, for [#endHeaders]
    public static int beginHeaders(ByteBuffer out) {
        int start = out.position();
        out.position(start + HEADER_SIZE);
        return start;
    }

    /// The bytes that [#endHeaders] may need in addition to the header block and the place that was reserved.
    ///
    /// @param blockSize at least the bytes of the block
    public static int continuationBound(int blockSize, int maxFrameSize) {
        return blockSize / maxFrameSize * HEADER_SIZE;
    }

    /// Completes a HEADERS frame, with as many CONTINUATION frames as the block needs.
    ///
    /// @param start from [#beginHeaders]
    /// @param maxFrameSize of the peer
    public static void endHeaders(ByteBuffer out, int start, int stream, boolean endStream, int maxFrameSize) {
        int size = out.position() - start - HEADER_SIZE;
        int parts = Math.max(1, (size + maxFrameSize - 1) / maxFrameSize);
        out.position(out.position() + (parts - 1) * HEADER_SIZE);
        int end = out.position();
        for (int part = parts - 1; part >= 0; part--) {            // from the last, so that each moves into free room
            int from = start + HEADER_SIZE + part * maxFrameSize;
            int length = Math.min(maxFrameSize, size - part * maxFrameSize);
            int at = start + part * (HEADER_SIZE + maxFrameSize);
            if (part > 0) {
                out.put(at + HEADER_SIZE, out, from, length);
            }
            int flags = (part == parts - 1 ? FrameType.END_HEADERS : 0) | (part == 0 && endStream ? FrameType.END_STREAM : 0);
            out.position(at);
            header(out, length, part == 0 ? FrameType.HEADERS : FrameType.CONTINUATION, flags, stream);
        }
        out.position(end);
    }

    /// A SETTINGS frame.
    ///
    /// @param idsAndValues an identifier of [PeerSettings], its value, an identifier …
    public static void settings(ByteBuffer out, int... idsAndValues) {
        header(out, idsAndValues.length / 2 * SETTING_SIZE, FrameType.SETTINGS, 0, 0);
        for (int i = 0; i < idsAndValues.length; i += 2) {
            out.putShort((short) idsAndValues[i]);
            out.putInt(idsAndValues[i + 1]);
        }
    }

    /// 9 bytes.
    public static void settingsAcknowledgement(ByteBuffer out) {
        header(out, 0, FrameType.SETTINGS, FrameType.ACK, 0);
    }

    /// 17 bytes.
    public static void ping(ByteBuffer out, long data, boolean acknowledges) {
        header(out, Long.BYTES, FrameType.PING, acknowledges ? FrameType.ACK : 0, 0);
        out.putLong(data);
    }

    /// 13 bytes.
    public static void reset(ByteBuffer out, int stream, ErrorCode code) {
        header(out, INT, FrameType.RST_STREAM, 0, stream);
        out.putInt(code.code());
    }

    /// 17 bytes and those of `debug`.
    ///
    /// @param debug ASCII text for the peer's log (RFC 9113 §6.8)
    public static void goAway(ByteBuffer out, int lastStream, ErrorCode code, String debug) {
        byte[] text = debug.getBytes(StandardCharsets.US_ASCII);
        header(out, 2 * INT + text.length, FrameType.GOAWAY, 0, 0);
        out.putInt(lastStream).putInt(code.code()).put(text);
    }

    /// 13 bytes.
    ///
    /// @param stream 0 for the connection
    public static void windowUpdate(ByteBuffer out, int stream, int increment) {
        header(out, INT, FrameType.WINDOW_UPDATE, 0, stream);
        out.putInt(increment);
    }
}
