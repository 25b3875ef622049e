package io.selvage.deploy;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/// An upstream peer that the test plays itself: the test decides when to accept, read and answer.
final class Peer implements AutoCloseable {
    private static final String WEBSOCKET_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";       // RFC 6455 §1.3

    private final ServerSocket listener;

    Peer() throws IOException {
        listener = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
        listener.setSoTimeout(20_000);
    }

    int port() {
        return listener.getLocalPort();
    }

    /// Waits for the next connection of the server.
    Link connection() throws IOException {
        Socket socket = listener.accept();
        return new Link(socket, new DataInputStream(new BufferedInputStream(socket.getInputStream())));
    }

    /// Reads the first request on the next connection, up to the end of its head.
    Request accept() throws IOException {
        return connection().request();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }

    /// A connection of the server, for any number of requests.
    record Link(Socket socket, DataInputStream input) implements AutoCloseable {
        /// Reads the next request, up to the end of its head.
        Request request() throws IOException {
            var head = new ArrayList<String>();
            for (String line = RawHttp.line(input); !line.isEmpty(); line = RawHttp.line(input)) {
                head.add(line);
            }
            return new Request(socket, input, head);
        }

        /// Waits for the first byte of the next request, or for the end.
        ///
        /// @param millis the longest wait, 0 for no bound
        /// @throws java.net.SocketTimeoutException if nothing comes
        void awaitBytes(int millis) throws IOException {
            socket.setSoTimeout(millis);
            input.mark(1);
            input.read();
            input.reset();
            socket.setSoTimeout(0);
        }

        /// Closes the connection with a reset, which also discards what was sent and not yet read.
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /// @param head the request line and the fields
    record Request(Socket socket, DataInputStream input, List<String> head) implements AutoCloseable {
        void answer(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        }

        /// The value of a field; empty if there is none.
        String value(String name) {
            return head.stream().filter(line -> line.regionMatches(true, 0, name + ": ", 0, name.length() + 2))
                    .map(line -> line.substring(name.length() + 2)).findFirst().orElse("");
        }

        /// Switches to WebSocket and sends back every short frame, until the connection ends.
        void echoFrames() throws IOException, GeneralSecurityException {
            String key = value("Sec-WebSocket-Key") + WEBSOCKET_GUID;
            byte[] accept = MessageDigest.getInstance("SHA-1").digest(key.getBytes(ISO_8859_1));
            answer("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                    + Base64.getEncoder().encodeToString(accept) + "\r\n\r\n");
            for (int first = input.read(); first >= 0; first = input.read()) {
                byte[] payload = new byte[input.readUnsignedByte() & 0x7f];
                byte[] mask = input.readNBytes(4);
                input.readFully(payload);
                for (int i = 0; i < payload.length; i++) {
                    payload[i] ^= mask[i % 4];
                }
                socket.getOutputStream().write(new byte[] {(byte) first, (byte) payload.length});
                socket.getOutputStream().write(payload);
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
