package io.selvage.server.whole;

import io.selvage.server.proxy.ByteReader;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/// A client that sends exactly the given bytes. Each `char` is one byte. A read fails after 50 seconds without data: a server
/// that hangs is a failure, not an end of the connection.
public final class RawClient implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 50_000;
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\nContent-Length: (\\d+)\r\n");
    private static final Pattern CHUNKED = Pattern.compile("(?i)\r\nTransfer-Encoding: chunked\r\n");

    private final Socket socket = new Socket();
    private final ByteReader in;

    /// @throws InterruptedIOException if the test has timed out: a loop that asks again and again ends then
    public RawClient(InetSocketAddress address) throws IOException {
        if (Thread.interrupted()) {
            throw new InterruptedIOException("the test was interrupted");
        }
        socket.setTcpNoDelay(true);
        socket.connect(address, PATIENCE_MILLIS);
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = new ByteReader(socket.getInputStream()::read);
    }

    public RawClient send(String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
        return this;
    }

    public void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    /// Closes so that the server sees a reset.
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    public String readHead() throws IOException {
        return readUntil("\r\n\r\n");
    }

    /// One answer, head and body. Not for those that never have a body.
    public String readAnswer() throws IOException {
        String head = readHead();
        Matcher length = LENGTH.matcher(head);
        if (length.find()) {
            return head + read(Integer.parseInt(length.group(1)));
        }
        return CHUNKED.matcher(head).find() ? head + readUntil("0\r\n\r\n") : head + readToEnd();
    }

    public String read(int count) throws IOException {
        return in.read(count);
    }

    public String readUntil(String end) throws IOException {
        return in.readUntil(end);
    }

    /// Everything until the server ends its side.
    public String readToEnd() throws IOException {
        return in.readToEnd();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
