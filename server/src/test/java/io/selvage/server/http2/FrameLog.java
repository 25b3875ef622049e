package io.selvage.server.http2;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Writes down what a [FrameReader] reports, a line for each call; parts of a DATA frame are joined.
final class FrameLog implements FrameHandler {
    private final List<String> lines = new ArrayList<>();
    private final List<String> frames = new ArrayList<>();
    private StringBuilder data = new StringBuilder();
    private int flowControlled;

    List<String> lines() {
        return lines;
    }

    /// The headers of all frames.
    List<String> frames() {
        return frames;
    }

    @Override
    public void frame(int type, int flags, int stream, int length) {
        frames.add("type " + type + " stream " + stream + " length " + length);
        finishData("");
    }

    @Override
    public void data(int stream, ByteBuffer bytes, int counted, boolean endStream) {
        data.append("data ".repeat(data.isEmpty() ? 1 : 0)).append(StandardCharsets.ISO_8859_1.decode(bytes));
        flowControlled += counted;
        if (endStream) {
            finishData(" end");
        }
    }

    void finishData(String end) {
        if (!data.isEmpty()) {
            lines.add(data + " counted " + flowControlled + end);
        }
        data = new StringBuilder();
        flowControlled = 0;
    }

    @Override
    public void headers(int stream, ByteBuffer block, boolean endStream, boolean dependsOnItself) {
        lines.add("headers " + stream + " " + Blocks.hex(block) + (endStream ? " end" : "") + (dependsOnItself ? " loop" : ""));
    }

    @Override
    public void reset(int stream, ErrorCode code) {
        lines.add("reset " + stream + " " + code);
    }

    @Override
    public void setting(int id, long value) {
        lines.add("setting " + id + " " + value);
    }

    @Override
    public void settingsEnd() {
        lines.add("settings");
    }

    @Override
    public void settingsAcknowledged() {
        lines.add("settings ack");
    }

    @Override
    public void ping(long data, boolean acknowledges) {
        lines.add("ping " + data + (acknowledges ? " ack" : ""));
    }

    @Override
    public void goAway(int lastStream, ErrorCode code, String debug) {
        lines.add("goaway " + lastStream + " " + code + " " + debug);
    }

    @Override
    public void windowUpdate(int stream, int increment) {
        lines.add("window " + stream + " " + increment);
    }

    @Override
    public void priorityUpdate(int stream, String value) {
        lines.add("priority " + stream + " " + value);
    }

    @Override
    public void streamError(Http2Error error) {
        lines.add("error " + error.stream() + " " + error.code());
    }
}
