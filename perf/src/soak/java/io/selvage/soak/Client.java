package io.selvage.soak;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.zip.CRC32;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/// Repeats the exchange of one kind of client. An answer that takes more than twenty seconds counts as lost.
final class Client {
    private static final int PATIENCE_MILLIS = 20_000;

    /// The exchange on each connection.
    enum Kind { ONE_REQUEST, MANY_REQUESTS, PROXIED, UPLOAD, DOWNLOAD, KILLED }

    private final Kind kind;
    private final int port;
    private final byte[] big;
    private final Tally tally;
    private final Random random;

    Client(Kind kind, int port, byte[] big, Tally tally, Random random) {
        this.kind = kind;
        this.port = port;
        this.big = big;
        this.tally = tally;
        this.random = random;
    }

    void once() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.setTcpNoDelay(true);
            tally.right(kind, use(socket));
        } catch (ClosedBeforeAnswer e) {
            tally.gaveWay();
        } catch (IOException | RuntimeException e) {
            tally.wrong(kind, e);
        }
    }

    /// The server closed the connection before a byte of the answer: the request can be sent again (RFC 9112 §9.3.1).
    private static final class ClosedBeforeAnswer extends EOFException {
        private static final long serialVersionUID = 1;
    }

    private int use(Socket socket) throws IOException {
        InputStream in = new BufferedInputStream(socket.getInputStream(), 64 << 10);
        OutputStream out = socket.getOutputStream();
        return switch (kind) {
            case ONE_REQUEST -> nonce(in, out, "/nonce", true);
            case MANY_REQUESTS -> {
                int count = 0;
                for (int i = 0; i < 50; i++) {
                    count += i % 5 == 0 ? small(in, out) : nonce(in, out, "/nonce", false);
                }
                yield count;
            }
            case PROXIED -> {
                int count = 0;
                for (int i = 0; i < 10; i++) {
                    count += nonce(in, out, "/app/nonce", false);
                }
                yield count;
            }
            case UPLOAD -> upload(in, out);
            case DOWNLOAD -> {
                send(out, "GET " + (random.nextBoolean() ? "/big.bin" : "/app/big") + " HTTP/1.1\r\nHost: a\r\n\r\n");
                byte[] body = answer(in);
                expect(body.length > 0, "an empty download");
                expect(body.length != big.length || Arrays.equals(body, big) || body[0] == 'p', "another file");
                yield 1;
            }
            case KILLED -> {
                kill(socket, in, out);
                yield 1;
            }
        };
    }

    private int nonce(InputStream in, OutputStream out, String path, boolean last) throws IOException {
        String nonce = Long.toHexString(random.nextLong());
        send(out, "GET " + path + "?n=" + nonce + " HTTP/1.1\r\nHost: a\r\n" + (last ? "Connection: close\r\n\r\n" : "\r\n"));
        String body = new String(answer(in), ISO_8859_1);
        expect(body.equals("nonce " + nonce), "not the answer to this request: " + body);
        return 1;
    }

    private static int small(InputStream in, OutputStream out) throws IOException {
        send(out, "GET /small.txt HTTP/1.1\r\nHost: a\r\n\r\n");
        expect(new String(answer(in), ISO_8859_1).equals("small and always the same\n"), "another file");
        return 1;
    }

    private int upload(InputStream in, OutputStream out) throws IOException {
        byte[] body = Arrays.copyOf(big, random.nextInt(big.length));
        CRC32 sum = new CRC32();
        sum.update(body);
        send(out, "POST /app/sum HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length + "\r\n\r\n");
        out.write(body);
        String text = new String(answer(in), ISO_8859_1);
        expect(text.equals("sum " + sum.getValue()), "another upload arrived: " + text);
        return 1;
    }

    /// Disconnects in the middle of an exchange, with a reset or with an end of stream.
    private void kill(Socket socket, InputStream in, OutputStream out) throws IOException {
        switch (random.nextInt(4)) {
            case 0 -> send(out, "GET /big.bin HTTP/1.1\r\nHost: a\r\n\r\n");
            case 1 -> send(out, "GET /app/slow HTTP/1.1\r\nHost: a\r\n\r\n");
            case 2 -> {
                send(out, "POST /app/sum HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n");
                out.write(big, 0, random.nextInt(500_000));
            }
            default -> send(out, "GET /nonce?n=1 HT");
        }
        if (random.nextBoolean()) {
            socket.setSoLinger(true, 0);
        }
        if (random.nextInt(10) == 0) {
            in.skip(random.nextInt(1 + in.available()));
        }
    }

    private static void send(OutputStream out, String head) throws IOException {
        out.write(head.getBytes(ISO_8859_1));
    }

    private static int first(InputStream in) throws IOException {
        int next;
        try {
            next = in.read();
        } catch (SocketException e) {
            throw new ClosedBeforeAnswer();
        }
        if (next < 0) {
            throw new ClosedBeforeAnswer();
        }
        return next;
    }

    private static byte[] answer(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = head.isEmpty() ? first(in) : in.read();
            if (next < 0) {
                throw new EOFException("it ended after \"" + head + "\"");
            }
            head.append((char) next);
        }
        String fields = head.toString().toLowerCase(Locale.ROOT);
        expect(fields.startsWith("http/1.1 200 "), head.toString());
        int at = fields.indexOf("\r\ncontent-length: ");
        expect(at > 0, "no length: " + head);
        int length = Integer.parseInt(fields.substring(at + 18, fields.indexOf("\r\n", at + 2)));
        byte[] body = in.readNBytes(length);
        expect(body.length == length, "it ended after " + body.length + " of " + length + " bytes");
        return body;
    }

    private static void expect(boolean right, String defaultValue) throws IOException {
        if (!right) {
            throw new IOException(defaultValue);
        }
    }
}
