package io.selvage.deploy;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/// One client connection. It sends the given bytes and returns answers as they arrive: it follows no redirect, decodes nothing
/// and repeats nothing.
final class RawHttp implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket;
    private final InputStream input;

    /// @throws InterruptedIOException if the test has timed out: a loop that asks again and again ends then
    RawHttp(int port) throws IOException {
        if (Thread.interrupted()) {
            throw new InterruptedIOException("the test was interrupted");
        }
        socket = new Socket();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
        socket.setSoTimeout(PATIENCE_MILLIS);
        input = new BufferedInputStream(socket.getInputStream());
    }

    /// A connection with TLS. The certificate is not verified.
    ///
    /// @param host named in the handshake
    static RawHttp secure(int port, String host) throws IOException {
        return new RawHttp(Tls.connect(port, host));
    }

    private RawHttp(Socket connected) throws IOException {
        socket = connected;
        socket.setSoTimeout(PATIENCE_MILLIS);
        input = new BufferedInputStream(socket.getInputStream());
    }

    int localPort() {
        return socket.getLocalPort();
    }

    /// Sends one request on a new connection. `fields` are lines that end with CRLF.
    static Answer get(int port, String target, String fields) throws IOException {
        try (var http = new RawHttp(port)) {
            String head = "GET " + target + " HTTP/1.1\r\nHost: example.org\r\n" + fields + "Connection: close\r\n\r\n";
            return http.send(head).answer();
        }
    }

    static Answer get(int port, String target) throws IOException {
        return get(port, target, "");
    }

    RawHttp send(String text) throws IOException {
        return send(text.getBytes(ISO_8859_1));
    }

    RawHttp send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /// Reads a complete answer to any method but HEAD.
    Answer answer() throws IOException {
        Head head = head();
        return new Answer(head, new String(body(head), ISO_8859_1));
    }

    /// Reads the body that a head announces.
    byte[] body(Head head) throws IOException {
        var body = new ByteArrayOutputStream();
        if (head.values("transfer-encoding").equals(List.of("chunked"))) {
            for (byte[] chunk = chunk(); chunk.length > 0; chunk = chunk()) {
                body.writeBytes(chunk);
            }
        } else if (!head.values("content-length").isEmpty()) {
            body.writeBytes(bytes(Integer.parseInt(head.value("content-length"))));
        } else {
            input.transferTo(body);
        }
        return body.toByteArray();
    }

    /// Reads the start line and the fields of an answer, not the body.
    Head head() throws IOException {
        String status = line();
        var fields = new ArrayList<String>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            fields.add(line);
        }
        return new Head(status, fields);
    }

    /// Reads one chunk of a chunked body; the last one is empty, and the line after it is consumed.
    byte[] chunk() throws IOException {
        byte[] chunk = bytes(Integer.parseInt(line(), 16));
        line();
        return chunk;
    }

    String line() throws IOException {
        return line(input);
    }

    /// Reads a line, without its end, from a buffered stream.
    static String line(InputStream input) throws IOException {
        var line = new StringBuilder();
        while (true) {
            int next = input.read();
            if (next < 0) {
                throw new EOFException("the connection ended after: " + line);
            }
            if (next == '\n') {
                return line.toString().stripTrailing();
            }
            line.append((char) next);
        }
    }

    byte[] bytes(int count) throws IOException {
        byte[] bytes = input.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException("the connection ended after " + bytes.length + " of " + count + " bytes");
        }
        return bytes;
    }

    /// Reads and discards this many bytes of a body.
    void skip(long count) throws IOException {
        input.skipNBytes(count);
    }

    /// Closes the connection with a reset.
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /// @param fields the lines as they arrived
    record Head(String statusLine, List<String> fields) {
        int status() {
            return Integer.parseInt(statusLine.split(" ")[1]);
        }

        /// Every value of a field; the case of its name does not matter.
        List<String> values(String name) {
            String start = name.toLowerCase(Locale.ROOT) + ":";
            return fields.stream().filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
                    .map(line -> line.substring(start.length()).strip()).toList();
        }

        /// The value of a field: empty if there is none, and all values if there are several.
        String value(String name) {
            return values(name).stream().collect(Collectors.joining(" AND "));
        }
    }

    /// @param body one character for each byte
    record Answer(Head head, String body) {
        int status() {
            return head.status();
        }
    }
}
