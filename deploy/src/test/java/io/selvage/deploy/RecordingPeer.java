package io.selvage.deploy;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/// A peer that reads requests by the letter of RFC 9112 and records them. It answers each complete one with 200, after recording
/// it, and ends a connection with anything else.
final class RecordingPeer implements AutoCloseable {
    private static final int LONGEST_HEAD = 200_000;
    private static final Pattern REQUEST_LINE = Pattern.compile("[A-Z_-]+ [^\\x00-\\x20\\x7f]+ HTTP/1\\.[01]");
    private static final Pattern FIELD = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+:[^\\x00-\\x08\\x0a-\\x1f\\x7f]*");
    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Received> received = new ArrayList<>();     // guarded by itself

    /// @param fault why it is no valid request, or not a complete one; empty for a valid one
    record Received(String head, String body, String fault) {
        boolean isValid() {
            return fault.isEmpty();
        }
    }

    RecordingPeer() throws IOException {
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /// What has come since the last call.
    List<Received> take() {
        synchronized (received) {
            List<Received> taken = List.copyOf(received);
            received.clear();
            return taken;
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException _) {
            // the end of the test
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream input = new BufferedInputStream(socket.getInputStream());
            while (true) {
                Received next = read(input);
                if (!next.head().isEmpty()) {
                    synchronized (received) {
                        received.add(next);
                    }
                }
                if (!next.isValid()) {
                    return;
                }
                socket.getOutputStream().write(ANSWER.getBytes(ISO_8859_1));
            }
        } catch (IOException _) {
            // the other side has ended the connection
        }
    }

    private static Received read(InputStream input) throws IOException {
        StringBuilder head = new StringBuilder();
        StringBuilder body = new StringBuilder();
        String fault = "";
        try {
            while (head.length() < LONGEST_HEAD && !isComplete(head)) {
                head.append(next(input));
            }
            fault = faultOf(head.toString());
            if (fault.isEmpty()) {
                fault = readBody(head.toString(), input, body);
            }
        } catch (EOFException e) {
            fault = "incomplete";
        }
        return new Received(head.toString(), body.toString(), fault);
    }

    private static boolean isComplete(StringBuilder head) {
        return head.length() >= 4 && head.lastIndexOf("\r\n\r\n") == head.length() - 4;
    }

    private static String faultOf(String head) {
        String[] lines = head.split("\r\n", -1);
        if (!REQUEST_LINE.matcher(lines[0]).matches()) {
            return "no request line";
        }
        for (int i = 1; i < lines.length - 2; i++) {
            if (!FIELD.matcher(lines[i]).matches()) {
                return "no field: " + lines[i];
            }
        }
        if (values(head, "host").size() != 1) {
            return "not one Host";
        }
        int framings = values(head, "content-length").size() + values(head, "transfer-encoding").size();
        return framings > 1 ? "more than one framing" : "";
    }

    private static String readBody(String head, InputStream input, StringBuilder body) throws IOException {
        if (!values(head, "transfer-encoding").isEmpty()) {
            return values(head, "transfer-encoding").getFirst().equals("chunked") ? readChunks(input, body) : "not chunked";
        }
        for (String length : values(head, "content-length")) {
            if (!length.matches("[0-9]{1,9}")) {
                return "no length: " + length;
            }
            read(input, Integer.parseInt(length), body);
        }
        return "";
    }

    private static String readChunks(InputStream input, StringBuilder body) throws IOException {
        while (true) {
            String size = line(input);
            if (!size.matches("[0-9a-fA-F]{1,7}")) {
                return "no chunk size: " + size;
            }
            int length = Integer.parseInt(size, 16);
            read(input, length, body);
            String end = line(input);
            if (!end.isEmpty()) {
                return "after a chunk: " + end;
            }
            if (length == 0) {
                return "";
            }
        }
    }

    private static void read(InputStream input, int count, StringBuilder into) throws IOException {
        for (int i = 0; i < count; i++) {
            into.append(next(input));
        }
    }

    private static String line(InputStream input) throws IOException {
        StringBuilder line = new StringBuilder();
        while (line.length() < 2 || line.lastIndexOf("\r\n") != line.length() - 2) {
            line.append(next(input));
        }
        return line.substring(0, line.length() - 2);
    }

    private static char next(InputStream input) throws IOException {
        int octet = input.read();
        if (octet < 0) {
            throw new EOFException();
        }
        return (char) octet;
    }

    private static List<String> values(String head, String name) {
        return head.lines().skip(1).filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .map(line -> line.substring(name.length() + 1).strip()).toList();
    }
}
