package io.selvage.perf.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// The bytes as they are.
final class PlainWire implements Wire {
    private final SocketChannel channel;
    private boolean blocked;
    private boolean drained;

    PlainWire(SocketChannel channel) {
        this.channel = channel;
    }

    @Override
    public SocketChannel channel() {
        return channel;
    }

    @Override
    public boolean connect() throws IOException {
        return channel.finishConnect();
    }

    @Override
    public boolean isBlocked() {
        return blocked;
    }

    @Override
    public void write(ByteBuffer from) throws IOException {
        blocked = false;
        while (from.hasRemaining() && !blocked) {
            blocked = channel.write(from) == 0;
        }
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        int count = channel.read(into);
        drained = into.hasRemaining();
        return count;
    }

    @Override
    public boolean isDrained() {
        return drained;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // the descriptor is closed in any case
        }
    }
}
