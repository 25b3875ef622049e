package io.selvage.server.proxy;

import io.selvage.server.http.DuplexStream;
import io.selvage.server.http.UpgradeHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/// Copies bytes both ways between a client and a peer after a change of protocol. Each direction has a thread and one buffer.
///
/// When one side ends, the other gets what is left of its bytes and the end. It may answer with bytes that are on their way; the
/// tunnel ends when it ends as well, or is silent for a second. The tunnel also ends when a side fails, when the peer sends
/// nothing for `proxy_read_timeout`, or when a write takes longer than that. The client's silence has no bound as long as the
/// peer sends.
final class Tunnel implements UpgradeHandler {
    private static final Duration UNBOUNDED = Duration.ofDays(3650);
    /// The longest silence of a side whose other side has ended.
    private static final Duration REST = Duration.ofSeconds(1);

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
        Direction up = new Direction(client, peer, UNBOUNDED);
        Direction down = new Direction(peer, client, timeout);
        Thread upstream = Thread.startVirtualThread(() -> up.copy(down));
        down.copy(up);
        try {
            upstream.join(timeout);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        onEnd.accept(down.count);
        return down.count;
    }

    @Override
    public void close() {
        peer.abort();
        onEnd.accept(0);
    }

    /// One direction, copied by one thread. The other direction's thread sees how far it is.
    private final class Direction {
        private final DuplexStream from;
        private final DuplexStream to;
        private final Duration readTimeout;
        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile long count;                       // bytes read; written by the copying thread only
        private volatile boolean writing;

        Direction(DuplexStream from, DuplexStream to, Duration readTimeout) {
            this.from = from;
            this.to = to;
            this.readTimeout = readTimeout;
        }

        /// Copies to the end of this direction, waits for the rest of the other one, and closes both sides.
        void copy(Direction other) {
            ByteBuffer buffer = ByteBuffer.allocate(bufferSize);
            try {
                while (from.read(buffer, readTimeout) >= 0) {
                    writing = true;
                    count += buffer.flip().remaining();
                    to.write(buffer, timeout);
                    writing = false;
                    buffer.clear();
                }
                to.shutdownOutput();
                ended.countDown();
                other.awaitRest();
            } catch (IOException _) {
                // Whichever side failed: closing both connections ends the other direction as well.
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } finally {
                ended.countDown();
                from.close();
                to.close();
            }
        }

        /// Waits until this direction ends, or nothing has come for [#REST].
        private void awaitRest() throws InterruptedException {
            long before;
            do {
                before = count;
            } while (!ended.await(REST.toNanos(), TimeUnit.NANOSECONDS) && (writing || count != before));
        }
    }
}
