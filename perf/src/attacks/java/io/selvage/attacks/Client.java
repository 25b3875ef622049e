package io.selvage.attacks;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/// Clients of HTTP/1.
final class Client {
    private static final int TRICKLE_MILLIS = 5_000;

    private Client() {
    }

    /// Sends the bytes, so many at a time, and reads at the same time until the server closes.
    static String ask(Target target, String request, int segment) throws IOException {
        try (Socket socket = target.connect()) {
            Thread sending = Thread.ofVirtual().start(() -> send(socket, request.getBytes(ISO_8859_1), segment));
            String status = statusOf(socket.getInputStream());
            join(sending, socket);
            return status;
        }
    }

    /// So many clients, one after the other, that send and leave without an answer: half of them with a reset. Then one that
    /// waits for its answer.
    static String leave(Target target, String request, int clients, Random random) throws IOException {
        byte[] bytes = request.getBytes(ISO_8859_1);
        for (int i = 0; i < clients; i++) {
            try (Socket socket = target.connect()) {
                socket.getOutputStream().write(bytes);
                if (random.nextBoolean()) {
                    socket.setSoLinger(true, 0);
                }
            } catch (SocketException e) {
                // the server was faster
            }
        }
        return ask(target, "GET /small.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", Integer.MAX_VALUE);
    }

    private static void join(Thread sending, Socket socket) throws IOException {
        socket.close();
        try {
            sending.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(Socket socket, byte[] bytes, int segment) {
        try {
            OutputStream out = socket.getOutputStream();
            for (int at = 0; at < bytes.length; at += Math.min(segment, bytes.length - at)) {
                out.write(bytes, at, Math.min(segment, bytes.length - at));
            }
        } catch (IOException e) {
            // the server has refused the rest
        }
    }

    /// Reads to the end. The status of the last answer, as far as it can be seen without reading bodies.
    private static String statusOf(InputStream in) {
        byte[] first = new byte[1 << 16];
        String status = "closed";
        try {
            int count = in.read(first);
            for (; count > 0; count = in.read(first)) {
                String text = new String(first, 0, count, ISO_8859_1);
                int at = text.lastIndexOf("HTTP/1.1 ");
                if (at >= 0 && text.length() >= at + 12) {
                    status = text.substring(at + 9, at + 12);
                }
            }
        } catch (IOException e) {
            return status.equals("closed") ? "reset" : status;
        }
        return status;
    }

    /// A client whose receive buffer is as small as possible.
    static String withSmallWindow(Target target, String request) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setReceiveBufferSize(1);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target.http1()));
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            return statusOf(socket.getInputStream());
        }
    }

    /// Many clients of an answer that is sent slowly, for some seconds.
    static String trickle(Target target, String request, int clients) throws IOException, InterruptedException {
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            Socket socket = target.connect();
            sockets.add(socket);
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
        }
        Thread.sleep(TRICKLE_MILLIS);
        for (Socket socket : sockets) {
            socket.close();
        }
        return "sent";
    }

    /// One byte at a time through a tunnel, each after the last one has come back.
    static String tunnel(Target target, int count) throws IOException {
        try (Socket socket = target.connect()) {
            socket.getOutputStream().write("GET /tunnel/ HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"
                    .getBytes(ISO_8859_1));
            InputStream in = new BufferedInputStream(socket.getInputStream());
            byte[] end = "\r\n\r\n".getBytes(ISO_8859_1);
            for (int at = 0; at < end.length;) {
                at = in.read() == end[at] ? at + 1 : 0;
            }
            for (int i = 0; i < count; i++) {
                socket.getOutputStream().write('x');
                if (in.read() != 'x') {
                    return "lost";
                }
            }
            return "101";
        }
    }

    /// Each byte of the request is a record of TLS.
    static String tlsRecords(Target target, String request) throws IOException {
        try (Socket plain = target.connect(target.tls());
             Socket socket = trusting().getSocketFactory().createSocket(plain, "localhost", target.tls(), false)) {
            byte[] bytes = request.getBytes(ISO_8859_1);
            int head = request.indexOf("\r\n\r\n") + 4;
            socket.getOutputStream().write(Arrays.copyOf(bytes, head));
            send(socket, Arrays.copyOfRange(bytes, head, bytes.length), 1);
            return statusOf(socket.getInputStream());
        }
    }

    private static SSLContext trusting() throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new AnyCertificate()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static final class AnyCertificate implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
