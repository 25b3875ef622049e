package io.selvage.server.proxy;

import io.selvage.server.http.DuplexStream;
import io.selvage.server.http.UpgradeHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.LongConsumer;

/// Copies bytes both ways between a client and a peer after a change of protocol. Each direction has a thread and one buffer.
///
/// The end of one direction is passed on while the other continues. The tunnel ends when both directions have ended, when one
/// fails, when the peer sends nothing for `proxy_read_timeout`, or when a write takes longer than that. The client's silence has
/// no bound as long as the peer sends.
final class Tunnel implements UpgradeHandler {
    private static final Duration UNBOUNDED = Duration.ofDays(3650);

    private final DuplexStream peer;
    private final int bufferSize;
    private final Duration timeout;
    private final LongConsumer onEnd;

    /// @param timeout the longest silence of the peer, and the longest write to either side
    /// @param onEnd gets the number of bytes that came from the peer
    Tunnel(DuplexStream peer, int bufferSize, Duration timeout, LongConsumer onEnd) {
        this.peer = peer;
        this.bufferSize = bufferSize;
        this.timeout = timeout;
        this.onEnd = onEnd;
    }

    @Override
    public long run(DuplexStream client) {
        Thread upstream = Thread.startVirtualThread(() -> copy(client, peer, UNBOUNDED));
        long count = copy(peer, client, timeout);
        try {
            upstream.join(timeout);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            client.close();
            peer.close();
        }
        onEnd.accept(count);
        return count;
    }

    @Override
    public void close() {
        peer.abort();
        onEnd.accept(0);
    }

    /// @return the number of bytes copied
    private long copy(DuplexStream from, DuplexStream to, Duration readTimeout) {
        ByteBuffer buffer = ByteBuffer.allocate(bufferSize);
        long count = 0;
        try {
            while (from.read(buffer, readTimeout) >= 0) {
                int read = buffer.flip().remaining();
                to.write(buffer, timeout);
                count += read;
                buffer.clear();
            }
            to.shutdownOutput();
        } catch (IOException _) {
            // Whichever side failed: closing both connections ends the other direction as well.
            from.close();
            to.close();
        }
        return count;
    }
}
