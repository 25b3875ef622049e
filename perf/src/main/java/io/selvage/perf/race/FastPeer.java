package io.selvage.perf.race;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/// An application with minimal cost: one event loop that answers every request head with the same bytes.
final class FastPeer implements TestPeer {
    private static final int BACKLOG = 4096;
    private static final int LARGEST_HEAD = 64 * 1024;
    private static final int UWSGI_HEADER = 4;

    private final boolean uwsgi;
    private final byte[] answer;
    private final Selector selector = Selector.open();
    private final ServerSocketChannel listener = ServerSocketChannel.open();
    private final Thread thread;
    private volatile boolean closed;

    /// One connection: the bytes read of the next head, and the bytes left to write. Belongs to the loop.
    private static final class Caller {
        private final ByteBuffer in = ByteBuffer.allocate(LARGEST_HEAD);
        private ByteBuffer out = ByteBuffer.allocate(0);
    }

    FastPeer(boolean uwsgi, int length) throws IOException {
        this.uwsgi = uwsgi;
        String head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + length + "\r\n\r\n";
        answer = (head + "x".repeat(length)).getBytes(StandardCharsets.ISO_8859_1);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
        thread = Thread.ofPlatform().daemon().name("fast-peer").start(this::loop);
    }

    @Override
    public int port() {
        return listener.socket().getLocalPort();
    }

    @Override
    public void close() {
        closed = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void loop() {
        try (selector; listener) {
            while (!closed) {
                selector.select(this::ready);
            }
            selector.keys().forEach(FastPeer::drop);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void ready(SelectionKey key) {
        try {
            if (key.attachment() instanceof Caller caller) {
                serve(key, (SocketChannel) key.channel(), caller);
            } else {
                accept();
            }
        } catch (IOException e) {
            drop(key);
        }
    }

    private void accept() throws IOException {
        for (SocketChannel channel = listener.accept(); channel != null; channel = listener.accept()) {
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.register(selector, SelectionKey.OP_READ, new Caller());
        }
    }

    private void serve(SelectionKey key, SocketChannel channel, Caller caller) throws IOException {
        if (channel.read(caller.in) < 0 || !caller.in.hasRemaining()) {
            drop(key);
            return;
        }
        while (!caller.out.hasRemaining() && takesHead(caller.in)) {
            caller.out = ByteBuffer.wrap(answer);
            channel.write(caller.out);
        }
        if (caller.out.hasRemaining()) {
            channel.write(caller.out);
        }
        key.interestOps(caller.out.hasRemaining() ? SelectionKey.OP_WRITE | SelectionKey.OP_READ : SelectionKey.OP_READ);
        if (uwsgi && caller.out.capacity() > 0 && !caller.out.hasRemaining()) {
            drop(key);
        }
    }

    /// Removes one complete request head from the start of `in`, if there is one.
    private boolean takesHead(ByteBuffer in) {
        int length = uwsgi ? uwsgiLength(in) : httpLength(in);
        if (length == 0) {
            return false;
        }
        in.flip().position(length);
        in.compact();
        return true;
    }

    /// The length of the packet: a header of four bytes, whose middle two are the size of the variables; 0 while it is
    /// incomplete.
    private static int uwsgiLength(ByteBuffer in) {
        if (in.position() < UWSGI_HEADER) {
            return 0;
        }
        int length = UWSGI_HEADER + Short.toUnsignedInt(in.duplicate().order(ByteOrder.LITTLE_ENDIAN).getShort(1));
        return in.position() >= length ? length : 0;
    }

    private static int httpLength(ByteBuffer in) {
        for (int at = 3; at < in.position(); at++) {
            if (in.get(at) == '\n' && in.get(at - 2) == '\n') {
                return at + 1;
            }
        }
        return 0;
    }

    private static void drop(SelectionKey key) {
        try {
            key.channel().close();
        } catch (IOException e) {
            // closed in any case
        }
    }
}
