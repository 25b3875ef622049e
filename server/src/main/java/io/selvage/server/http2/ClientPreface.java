package io.selvage.server.http2;

import io.selvage.server.net.Connection;
import io.selvage.server.net.ConnectionPhase;
import io.selvage.server.net.TimedOut;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/// The first bytes of a client that knows that the server speaks HTTP/2 (RFC 9113 §3.3, §3.4).
public final class ClientPreface {
    private static final int ROOM = 1024;

    private ClientPreface() {
    }

    /// Waits until the first bytes show whether the client speaks HTTP/2 or HTTP/1. The preface of HTTP/2 is consumed; everything
    /// else is left to be read.
    ///
    /// @param phase of the connection; it is busy, and is idle while nothing has come
    /// @param patience for all of it
    /// @throws IOException if the connection ends, was closed to make room, or the client sends too slowly
    public static boolean isNext(Connection connection, ConnectionPhase phase, Duration patience) throws IOException {
        long now = System.nanoTime();
        long until = now + patience.toNanos();
        if (!phase.idle(now)) {
            throw new IOException("drained");
        }
        ByteBuffer seen = connection.awaitBytes(ByteBuffer.allocate(0), ROOM, phase.shortened(patience));
        if (!phase.busy()) {
            throw new IOException("closed to make room");
        }
        int same = same(seen);
        boolean more = seen.hasRemaining();
        while (more && same == seen.position() && same < preface().remaining()) {
            long left = until - System.nanoTime();
            if (left <= 0) {
                throw new TimedOut("a preface that takes too long");
            }
            more = connection.read(seen, Duration.ofNanos(left)) >= 0;
            same = same(seen);
        }
        boolean complete = same == preface().remaining();
        seen.flip().position(complete ? same : 0);
        if (seen.hasRemaining()) {
            connection.unread(seen);
        }
        return complete;
    }

    private static ByteBuffer preface() {
        return FrameWriter.preface();
    }

    /// How many bytes before the position are those of the preface.
    private static int same(ByteBuffer seen) {
        ByteBuffer whole = preface();
        int length = Math.min(seen.position(), whole.remaining());
        int different = seen.duplicate().flip().limit(length).mismatch(whole.limit(length));
        return different < 0 ? length : different;
    }
}
