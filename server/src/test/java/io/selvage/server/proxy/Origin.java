package io.selvage.server.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/// A peer that does what its scripts say and writes down what it was sent. Each connection follows the next script; the last
/// one serves all further connections.
public final class Origin implements AutoCloseable {
    private static final List<SocketChannel> REFUSING = new CopyOnWriteArrayList<>();

    private final ServerSocketChannel listening;
    private final String address;
    private final List<Script> scripts;
    private final AtomicInteger connections = new AtomicInteger();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final AtomicLong received = new AtomicLong();
    private final List<SocketChannel> open = new CopyOnWriteArrayList<>();

    /// What is done on one connection, which is closed at the end.
    @FunctionalInterface
    public interface Script {
        void run(Wire wire) throws Exception;
    }

    private Origin(SocketAddress at, Script... scripts) throws IOException {
        boolean unix = at instanceof UnixDomainSocketAddress;
        listening = unix ? ServerSocketChannel.open(StandardProtocolFamily.UNIX) : ServerSocketChannel.open();
        listening.bind(at);
        address = listening.getLocalAddress() instanceof InetSocketAddress inet ? "127.0.0.1:" + inet.getPort() : "unix:" + at;
        this.scripts = List.of(scripts);
        Thread.ofVirtual().start(this::accept);
    }

    public static Origin scripted(Script... scripts) throws IOException {
        return new Origin(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), scripts);
    }

    public static Origin onUnixSocket(Path path, Script... scripts) throws IOException {
        return new Origin(UnixDomainSocketAddress.of(path), scripts);
    }

    /// Answers every request with the same bytes and keeps its connections open.
    public static Origin answering(String answer) throws IOException {
        return scripted(wire -> {
            while (true) {
                wire.readRequest();
                wire.send(answer);
            }
        });
    }

    /// Answers one request on a connection, then closes it.
    public static Origin answeringOnce(String answer) throws IOException {
        return scripted(wire -> {
            wire.readRequest();
            wire.send(answer);
        });
    }

    /// An address that refuses connections. A socket that does not listen has it until this process ends, so that no other
    /// socket gets it.
    public static String refusing() throws IOException {
        SocketChannel bound = SocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        REFUSING.add(bound);
        return "127.0.0.1:" + ((InetSocketAddress) bound.getLocalAddress()).getPort();
    }

    public String address() {
        return address;
    }

    /// The complete requests, in the order in which they were complete.
    public List<String> requests() {
        return requests;
    }

    /// Every byte that was read, on all connections together.
    public long received() {
        return received.get();
    }

    public int connections() {
        return connections.get();
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel channel = listening.accept();
                if (channel.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY)) {
                    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                }
                Script script = scripts.get(Math.min(connections.getAndIncrement(), scripts.size() - 1));
                open.add(channel);
                Thread.ofVirtual().start(() -> serve(channel, script));
            }
        } catch (IOException _) {
            // Closed: the test is over.
        }
    }

    private void serve(SocketChannel channel, Script script) {
        try (channel) {
            script.run(new Wire(channel));
        } catch (Exception _) {
            // The other side went away, which is what many scripts wait for.
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (SocketChannel channel : open) {
            channel.close();
        }
    }

    /// One connection as a script sees it.
    public final class Wire {
        private final SocketChannel channel;
        private final ByteReader reader = new ByteReader(this::receive);

        private Wire(SocketChannel channel) {
            this.channel = channel;
        }

        /// The next request, head and body as they came.
        public String readRequest() throws IOException {
            String head = readUntil("\r\n\r\n");
            String body = "";
            if (head.toLowerCase(Locale.ROOT).contains("\r\ntransfer-encoding: chunked\r\n")) {
                body = readUntil("0\r\n\r\n");
            } else {
                var length = Pattern.compile("(?i)\r\ncontent-length: (\\d+)\r\n").matcher(head);
                body = length.find() ? readBytes(Integer.parseInt(length.group(1))) : "";
            }
            requests.add(head + body);
            return head + body;
        }

        public String readHead() throws IOException {
            return readUntil("\r\n\r\n");
        }

        public String readUntil(String end) throws IOException {
            return reader.readUntil(end);
        }

        public String readBytes(int count) throws IOException {
            return reader.read(count);
        }

        /// Reads until the other side ends, and returns what came.
        public String readToEnd() {
            return reader.readToEndOrReset();
        }

        public void send(String bytes) throws IOException {
            ByteBuffer out = ByteBuffer.wrap(bytes.getBytes(ISO_8859_1));
            while (out.hasRemaining()) {
                channel.write(out);
            }
        }

        public void endOutput() throws IOException {
            channel.shutdownOutput();
        }

        /// The address that the other side connected from, without its port.
        public String remoteHost() throws IOException {
            return channel.getRemoteAddress() instanceof InetSocketAddress inet ? inet.getAddress().getHostAddress() : "";
        }

        /// Waits for the end of the connection.
        ///
        /// @return `closed` or `reset`
        public String end() throws IOException {
            ByteBuffer in = ByteBuffer.allocate(1024);
            try {
                while (channel.read(in.clear()) >= 0) {
                    received.addAndGet(in.position());
                }
                return "closed";
            } catch (SocketException _) {
                return "reset";
            }
        }

        /// Closes so that the other side sees a reset.
        public void reset() throws IOException {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            channel.close();
        }

        public void record(String what) {
            requests.add(what);
        }

        private int receive(byte[] into, int offset, int length) throws IOException {
            int count = channel.read(ByteBuffer.wrap(into, offset, length));
            received.addAndGet(Math.max(0, count));
            return count;
        }
    }
}
