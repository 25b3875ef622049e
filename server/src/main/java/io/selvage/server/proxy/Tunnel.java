package io.selvage.server.proxy;

import io.selvage.server.http.UpgradeHandler;
import io.selvage.server.net.Connection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.LongConsumer;

/// Bytes both ways between a client and a peer, each way by a thread of its own with one buffer.
///
/// The end of one side is passed on while the other way goes on. All ends when both sides have ended, when one fails, when the
/// peer is silent for too long (`proxy_read_timeout`), or when nothing can be sent. A client may be silent as long as
/// it likes while the peer talks.
final class Tunnel implements UpgradeHandler {
    private static final Duration AS_LONG_AS_THE_PEER_TALKS = Duration.ofDays(3650);

    private final Connection peer;
    private final int bufferSize;
    private final Duration patience;
    private final LongConsumer ended;

    /// @param ended is told at the end how many bytes came from the peer
    Tunnel(Connection peer, int bufferSize, Duration patience, LongConsumer ended) {
        this.peer = peer;
        this.bufferSize = bufferSize;
        this.patience = patience;
        this.ended = ended;
    }

    @Override
    public long run(Connection client) {
        Thread upstream = Thread.startVirtualThread(() -> carry(client, peer, AS_LONG_AS_THE_PEER_TALKS));
        long count = carry(peer, client, patience);
        try {
            upstream.join(patience);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            client.close();
            peer.close();
        }
        ended.accept(count);
        return count;
    }

    @Override
    public void close() {
        peer.abort();
        ended.accept(0);
    }

    /// @return the bytes that were carried
    private long carry(Connection from, Connection to, Duration silence) {
        ByteBuffer buffer = ByteBuffer.allocate(bufferSize);
        long count = 0;
        try {
            while (from.read(buffer, silence) >= 0) {
                int piece = buffer.flip().remaining();
                to.write(buffer, patience);
                count += piece;
                buffer.clear();
            }
            to.shutdownOutput();
        } catch (IOException _) {
            // Whichever side it was, nothing more can be carried: closing both ends the other way as well.
            from.close();
            to.close();
        }
        return count;
    }
}
