package io.selvage.deploy;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Locale;
import javax.net.SocketFactory;

import static java.nio.charset.StandardCharsets.US_ASCII;

/// One client of the training. It sends a request and reads the answer before it sends the next one.
final class Visitor implements AutoCloseable {
    private static final int BUFFER = 1 << 16;
    private static final int ROUNDS = 10;

    private final Socket socket;
    private final InputStream answers;
    private String tag = "";

    private Visitor(SocketFactory sockets, int port) throws IOException {
        socket = sockets.createSocket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        answers = new BufferedInputStream(socket.getInputStream(), BUFFER);
    }

    /// Sends the requests of a typical site: files, conditional requests, ranges, applications; sometimes on a new connection.
    static void visit(SocketFactory sockets, int port, int connections) throws IOException {
        for (int i = 0; i < connections; i++) {
            try (var visitor = new Visitor(sockets, port)) {
                for (int round = 0; round < ROUNDS; round++) {
                    visitor.round();
                }
                visitor.ask("GET /large", "");
                visitor.ask("GET /missing", "");
                visitor.ask("HEAD /page.js", "");
                visitor.ask("GET /api/headers", "Connection: close\r\n");
            }
            try (var visitor = new Visitor(sockets, port)) {
                visitor.ask("GET /cloth.svg", "Connection: close\r\n");
            }
        }
    }

    private void round() throws IOException {
        ask("GET /style.css", "");
        ask("GET /style.css", "If-None-Match: " + tag + "\r\n");
        ask("GET /", "Accept: text/html\r\nUser-Agent: visitor\r\n");
        ask("GET /page.js", "Range: bytes=10-99\r\n");
        ask("GET /api/hello", "");
        ask("POST /api/hello", "Content-Length: 5\r\n", "shed!");
    }

    private void ask(String request, String fields) throws IOException {
        ask(request, fields, "");
    }

    private void ask(String request, String fields, String body) throws IOException {
        String text = request + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n" + body;
        socket.getOutputStream().write(text.getBytes(US_ASCII));
        boolean bodiless = line().startsWith("HTTP/1.1 304") || request.startsWith("HEAD");
        long length = 0;
        for (String field = line(); !field.isEmpty(); field = line()) {
            String name = field.substring(0, field.indexOf(':')).toLowerCase(Locale.ROOT);
            String value = field.substring(name.length() + 1).strip();
            if (name.equals("etag")) {
                tag = value;
            } else if (name.equals("content-length")) {
                length = Long.parseLong(value);
            }
        }
        if (!bodiless) {
            answers.skipNBytes(length);
        }
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (int octet = answers.read(); octet != '\n'; octet = answers.read()) {
            if (octet < 0) {
                throw new EOFException("the server closed the connection within an answer");
            }
            if (octet != '\r') {
                line.append((char) octet);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
