package io.selvage.perf.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import org.jspecify.annotations.Nullable;

/// TLS, as a client.
final class TlsWire implements Wire {
    private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

    private final SocketChannel channel;
    private final TlsClient client;
    private final SSLEngine engine;
    private @Nullable ByteBuffer in;                       // encrypted bytes to read, ready to be filled; null for none
    private @Nullable ByteBuffer out;                      // encrypted bytes to send, ready to be filled; null for none
    private boolean started;
    private boolean connected;
    private boolean closed;
    private boolean drained = true;
    private boolean full;                                  // the last read had no room for what the engine has

    TlsWire(SocketChannel channel, TlsClient client) {
        this.channel = channel;
        this.client = client;
        this.engine = client.engine();
    }

    @Override
    public SocketChannel channel() {
        return channel;
    }

    @Override
    public boolean connect() throws IOException {
        if (!channel.finishConnect()) {
            return false;
        }
        if (!started) {
            started = true;
            engine.beginHandshake();
        }
        while (!connected) {
            HandshakeStatus status = engine.getHandshakeStatus();
            switch (status) {
                case NEED_TASK -> runTasks();
                case NEED_WRAP -> {
                    wrap(NOTHING);
                    if (!flush()) {
                        return false;
                    }
                }
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    if (!unwrapOfHandshake()) {
                        return false;
                    }
                }
                case FINISHED, NOT_HANDSHAKING -> connected = true;
            }
        }
        return flush();
    }

    /// @return false if there are too few bytes
    private boolean unwrapOfHandshake() throws IOException {
        ByteBuffer data = client.take();
        try {
            SSLEngineResult result = unwrap(data);
            if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
                throw new IOException("closed during the handshake");
            }
            return result.getStatus() != SSLEngineResult.Status.BUFFER_UNDERFLOW || receive() > 0;
        } finally {
            client.give(data);
        }
    }

    private void runTasks() {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    @Override
    public boolean isBlocked() {
        return out != null;
    }

    @Override
    public void write(ByteBuffer from) throws IOException {
        boolean free = flush();
        while (free && from.hasRemaining()) {
            wrap(from);
            free = flush();
        }
    }

    private void wrap(ByteBuffer from) throws IOException {
        ByteBuffer to = out == null ? client.take() : out;
        out = to;
        SSLEngineResult result = engine.wrap(from, to);
        if (result.getStatus() != SSLEngineResult.Status.OK) {
            throw new IOException("TLS: " + result.getStatus());
        }
    }

    /// @return true if nothing is left to send
    private boolean flush() throws IOException {
        ByteBuffer bytes = out;
        if (bytes == null) {
            return true;
        }
        bytes.flip();
        channel.write(bytes);
        boolean all = !bytes.hasRemaining();
        bytes.compact();
        if (all) {
            client.give(bytes);
            out = null;
        }
        return all;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        int before = into.position();
        drained = false;
        while (true) {
            SSLEngineResult.Status status = in == null && !full ? SSLEngineResult.Status.BUFFER_UNDERFLOW
                    : unwrap(into).getStatus();
            full = status == SSLEngineResult.Status.BUFFER_OVERFLOW;
            switch (status) {
                case OK -> { }
                case BUFFER_OVERFLOW -> {
                    return into.position() - before;
                }
                case CLOSED -> {
                    drained = true;
                    closed = true;
                    return into.position() > before ? into.position() - before : -1;
                }
                case BUFFER_UNDERFLOW -> {
                    int count = closed ? -1 : receive();
                    if (count <= 0) {
                        drained = count == 0;
                        boolean ended = count < 0 && into.position() == before;
                        return ended ? -1 : into.position() - before;
                    }
                }
            }
        }
    }

    private SSLEngineResult unwrap(ByteBuffer into) throws IOException {
        ByteBuffer bytes = in == null ? NOTHING : in.flip();
        try {
            return engine.unwrap(bytes, into);
        } finally {
            if (in != null) {
                in.compact();
                if (in.position() == 0) {
                    client.give(in);
                    in = null;
                }
            }
        }
    }

    private int receive() throws IOException {
        ByteBuffer into = in == null ? client.take() : in;
        int count = channel.read(into);
        if (into.position() == 0) {
            client.give(into);
            in = null;
        } else {
            in = into;
        }
        return count;
    }

    @Override
    public boolean isDrained() {
        return drained;
    }

    @Override
    public void close() {
        try {
            if (connected && out == null) {
                engine.closeOutbound();
                wrap(NOTHING);
                flush();
            }
        } catch (IOException e) {
            // the server has closed it already
        }
        client.release(engine);
        if (in != null) {
            client.give(in);
            in = null;
        }
        if (out != null) {
            client.give(out);
            out = null;
        }
        try {
            channel.close();
        } catch (IOException e) {
            // the descriptor is closed in any case
        }
    }
}
