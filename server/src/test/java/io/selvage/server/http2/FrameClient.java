package io.selvage.server.http2;

import io.selvage.server.http.Headers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/// A client of HTTP/2 that sends exactly the given frames, and notes those that come. A read fails after twenty seconds without
/// data: a server that hangs is a failure, not an end of the connection.
public final class FrameClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 50_000;
    private static final int ROOM = 1 << 18;

    private final Socket socket = new Socket();
    private final HpackEncoder encoder = new HpackEncoder(HpackDecoder.DEFAULT_TABLE_SIZE);
    private final Noted noted = new Noted();
    private final FrameReader frames = new FrameReader(noted, false, 1 << 20, 1 << 20);
    private ByteBuffer in = ByteBuffer.allocate(frames.bufferSize()).flip();
    private final List<String> events = new ArrayList<>();
    private final Map<Integer, Response> responses = new HashMap<>();
    private int next = 1;
    private boolean ended;

    /// What came on a stream.
    public static final class Response {
        private Headers head = Headers.EMPTY;
        private Headers trailers = Headers.EMPTY;
        private final List<String> interim = new ArrayList<>();
        private final StringBuilder body = new StringBuilder();
        private String end = "";

        public String status() {
            return head.first(":status").orElse("");
        }

        public Headers head() {
            return head;
        }

        public Headers trailers() {
            return trailers;
        }

        /// The statuses of the interim responses.
        public List<String> interim() {
            return interim;
        }

        /// Each `char` is one byte.
        public String body() {
            return body.toString();
        }

        /// `end`, or the error code of a reset; empty while the stream is open.
        public String end() {
            return end;
        }
    }

    /// Connects without sending anything.
    public FrameClient(InetSocketAddress address) throws IOException {
        socket.setTcpNoDelay(true);
        socket.connect(address, PATIENCE_MILLIS);
        socket.setSoTimeout(PATIENCE_MILLIS);
    }

    /// Connects and sends the preface and settings.
    ///
    /// @param idsAndValues settings
    public static FrameClient open(InetSocketAddress address, int... idsAndValues) throws IOException {
        FrameClient client = new FrameClient(address);
        return client.raw(FrameWriter.preface()).frame(out -> FrameWriter.settings(out, idsAndValues));
    }

    public FrameClient raw(ByteBuffer bytes) throws IOException {
        byte[] all = new byte[bytes.remaining()];
        bytes.get(all);
        socket.getOutputStream().write(all);
        return this;
    }

    /// Sends what a consumer puts into a buffer.
    public FrameClient frame(Consumer<ByteBuffer> put) throws IOException {
        ByteBuffer out = ByteBuffer.allocate(ROOM);
        put.accept(out);
        return raw(out.flip());
    }

    /// Sends frames again and again until the server ends the connection, or so often.
    public void flood(Consumer<ByteBuffer> put, int most) {
        try {
            for (int i = 0; i < most; i++) {
                frame(put);
            }
        } catch (IOException _) {
            // The server has ended the connection.
        }
    }

    /// Puts a HEADERS frame into a buffer.
    public void headers(ByteBuffer out, int stream, boolean endStream, String... fields) {
        int start = FrameWriter.beginHeaders(out);
        out.put(Blocks.encode(encoder, fields));
        FrameWriter.endHeaders(out, start, stream, endStream, PeerSettings.SMALLEST_MAX_FRAME_SIZE);
    }

    /// Sends a HEADERS frame on the next stream.
    ///
    /// @return the stream
    public int send(boolean endStream, String... fields) throws IOException {
        int stream = nextStream();
        frame(out -> headers(out, stream, endStream, fields));
        return stream;
    }

    /// The number of the next stream.
    public int nextStream() {
        int stream = next;
        next += 2;
        return stream;
    }

    /// Sends a GET.
    ///
    /// @param more names and values of other fields
    public int get(String path, String... more) throws IOException {
        return send(true, request("GET", path, more));
    }

    /// Sends the head of a POST.
    public int post(String path, String... more) throws IOException {
        return send(false, request("POST", path, more));
    }

    /// The fields of a request.
    public static String[] request(String method, String path, String... more) {
        List<String> fields = new ArrayList<>(List.of(":method", method, ":scheme", "http", ":path", path, ":authority", "a"));
        fields.addAll(List.of(more));
        return fields.toArray(new String[0]);
    }

    public FrameClient data(int stream, String text, boolean endStream) throws IOException {
        return frame(out -> {
            FrameWriter.data(out, stream, text.length(), endStream);
            out.put(text.getBytes(ISO_8859_1));
        });
    }

    public FrameClient reset(int stream, ErrorCode code) throws IOException {
        return frame(out -> FrameWriter.reset(out, stream, code));
    }

    public FrameClient window(int stream, int increment) throws IOException {
        return frame(out -> FrameWriter.windowUpdate(out, stream, increment));
    }

    public FrameClient ping(long data) throws IOException {
        return frame(out -> FrameWriter.ping(out, data, false));
    }

    /// Waits for the end of a response, or its reset.
    public Response await(int stream) throws IOException {
        while (response(stream).end.isEmpty()) {
            if (!read()) {
                throw new IOException("the connection ended before stream " + stream + ": " + events);
            }
        }
        return response(stream);
    }

    /// What has come on a stream until now.
    public Response response(int stream) {
        return responses.computeIfAbsent(stream, _ -> new Response());
    }

    /// Waits for an event whose text begins so: `settings`, `settings ack`, `ping`, `ping ack`, `goaway LAST CODE`,
    /// `window STREAM INCREMENT`, `STREAM head`, `STREAM data LENGTH`, `STREAM end`, `STREAM reset CODE`.
    public String awaitEvent(String start) throws IOException {
        return awaitEvent(event -> event.startsWith(start));
    }

    public String awaitEvent(Predicate<String> wanted) throws IOException {
        int at = 0;
        while (true) {
            for (; at < events.size(); at++) {
                if (wanted.test(events.get(at))) {
                    return events.get(at);
                }
            }
            if (!read()) {
                throw new IOException("the connection ended: " + events);
            }
        }
    }

    /// The bytes by which the server has widened the window of a stream.
    public int windowOf(int stream) {
        String start = "window " + stream + " ";
        return events.stream().filter(event -> event.startsWith(start))
                .mapToInt(event -> Integer.parseInt(event.substring(start.length()))).sum();
    }

    /// Reads until the server ends the connection.
    ///
    /// @return everything that came, as events
    public List<String> readToEnd() throws IOException {
        boolean more = true;
        while (more) {
            more = read();
        }
        return events;
    }

    public List<String> events() {
        return events;
    }

    /// Reads once.
    ///
    /// @return false at the end
    private boolean read() throws IOException {
        if (ended) {
            return false;
        }
        try {
            in.compact();
            int count = socket.getInputStream().read(in.array(), in.position(), in.remaining());
            in.position(in.position() + Math.max(0, count)).flip();
            ended = count < 0;
            boolean more = true;
            while (more) {
                more = frames.read(in);
            }
        } catch (Http2Error e) {
            throw new IOException(e);
        }
        return !ended;
    }

    public void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private final class Noted implements FrameHandler {
        private final HpackDecoder decoder = new HpackDecoder(HpackDecoder.DEFAULT_TABLE_SIZE, 1 << 20);
        private int dataLength;

        @Override
        public void data(int stream, ByteBuffer data, int flowControlled, boolean endStream) {
            dataLength += data.remaining();
            response(stream).body.append(ISO_8859_1.decode(data));
            events.add(stream + " data " + dataLength);
            dataLength = 0;
            if (endStream) {
                end(stream, "end", "end");
            }
        }

        @Override
        public void headers(int stream, ByteBuffer block, boolean endStream, boolean dependsOnItself) throws Http2Error {
            Headers.Builder fields = Headers.builder();
            decoder.decode(block, (name, value, _) -> fields.add(name, value));
            Headers head = fields.build();
            Response response = response(stream);
            String status = head.first(":status").orElse("");
            if (status.startsWith("1")) {
                response.interim.add(status);
            } else if (status.isEmpty()) {
                response.trailers = head;
            } else {
                response.head = head;
            }
            events.add(stream + " head " + status);
            if (endStream) {
                end(stream, "end", "end");
            }
        }

        private void end(int stream, String event, String how) {
            events.add(stream + " " + event);
            Response response = response(stream);
            response.end = response.end.isEmpty() ? how : response.end;
        }

        @Override
        public void reset(int stream, ErrorCode code) {
            end(stream, "reset " + code, code.toString());
        }

        @Override
        public void setting(int id, long value) {
            events.add("setting " + id + " " + value);
        }

        @Override
        public void settingsEnd() {
            events.add("settings");
        }

        @Override
        public void settingsAcknowledged() {
            events.add("settings ack");
        }

        @Override
        public void ping(long data, boolean acknowledges) {
            events.add((acknowledges ? "ping ack " : "ping ") + data);
        }

        @Override
        public void goAway(int lastStream, ErrorCode code, String debug) {
            events.add("goaway " + lastStream + " " + code + (debug.isEmpty() ? "" : " " + debug));
        }

        @Override
        public void windowUpdate(int stream, int increment) {
            events.add("window " + stream + " " + increment);
        }

        @Override
        public void streamError(Http2Error error) {
            events.add("error " + error.stream() + " " + error.code());
        }
    }
}
