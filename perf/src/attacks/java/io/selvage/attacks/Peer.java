package io.selvage.attacks;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Locale;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/// The application behind the servers. It reads a request completely and answers; after an upgrade it returns what it receives.
record Peer(ServerSocket listening) implements AutoCloseable {
    private static final byte[] OK = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok".getBytes(ISO_8859_1);
    private static final byte[] SWITCHING =
            "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n".getBytes(ISO_8859_1);

    static Peer start() throws IOException {
        var peer = new Peer(new ServerSocket(0, 500, InetAddress.getLoopbackAddress()));
        Thread.ofVirtual().start(peer::accept);
        return peer;
    }

    int port() {
        return listening.getLocalPort();
    }

    private void accept() {
        while (true) {
            try {
                Socket socket = listening.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void serve(Socket connection) {
        try (Socket socket = connection) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
            String head = head(in);
            if (head.contains("upgrade: websocket")) {
                socket.getOutputStream().write(SWITCHING);
                in.transferTo(socket.getOutputStream());
                return;
            }
            if (head.startsWith("get /app/slow")) {
                in.read();                         // until the server leaves
                return;
            }
            if (head.contains("transfer-encoding: chunked")) {
                skipChunks(in);
            } else {
                int at = head.indexOf("content-length: ");
                in.skipNBytes(at < 0 ? 0 : Long.parseLong(head.substring(at + 16, head.indexOf("\r\n", at))));
            }
            socket.getOutputStream().write(OK);
        } catch (IOException e) {
            // the server has ended the request
        }
    }

    private static String head(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.length() < 4 || head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
            head.append(line(in));
        }
        return head.toString().toLowerCase(Locale.ROOT);
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder();
        int next;
        do {
            next = in.read();
            if (next < 0) {
                throw new EOFException();
            }
            line.append((char) next);
        } while (next != '\n');
        return line.toString();
    }

    private static void skipChunks(InputStream in) throws IOException {
        long size;
        do {
            size = Long.parseLong(line(in).strip(), 16);
            in.skipNBytes(size + 2);
        } while (size > 0);
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
