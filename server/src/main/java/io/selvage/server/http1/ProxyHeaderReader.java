package io.selvage.server.http1;

import io.selvage.server.http.ProxyHeader;
import io.selvage.server.net.Connection;
import io.selvage.server.net.ConnectionPhase;
import io.selvage.server.net.TimedOut;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/// Reads the header of the PROXY protocol from a connection (`listen ... proxy_protocol`). The bytes after it are read next.
///
/// @param clock for the timeout
public record ProxyHeaderReader(Clock clock) {
    private static final int USUAL = 256;

    /// The connection does not begin with a header.
    public static final class BrokenHeader extends IOException {
        private static final long serialVersionUID = 1;

        BrokenHeader(String message) {
            super(message);
        }
    }

    /// @param phase of the connection; the connection may be closed to make room while its header is incomplete
    /// @param patience for the whole header
    /// @return empty if the connection is not to be served: it ended first, or was closed
    /// @throws BrokenHeader with the reason
    /// @throws TimedOut if the header does not arrive in time
    public Optional<ProxyHeader> read(Connection connection, ConnectionPhase phase, Duration patience) throws IOException {
        long started = clock.nanos();
        boolean open = phase.idle(started);
        long deadline = started + phase.shortened(patience).toNanos();
        ByteBuffer bytes = ByteBuffer.allocate(USUAL);
        boolean partial = false;
        while (open && connection.read(bytes, left(deadline)) > 0) {
            switch (ProxyHeaderParser.parse(bytes.array(), bytes.position())) {
                case ProxyHeaderParser.Parsed.Header(ProxyHeader header, int used) -> {
                    connection.unread(bytes.flip().position(used));
                    return Optional.of(header).filter(_ -> phase.busy());
                }
                case ProxyHeaderParser.Parsed.NeedMore() -> {
                    open = partial || begin(phase, started);
                    partial = true;
                }
                case ProxyHeaderParser.Parsed.Broken(String why) -> throw new BrokenHeader(why);
            }
            bytes = bytes.hasRemaining() ? bytes
                    : ByteBuffer.allocate(Math.min(2 * bytes.capacity(), ProxyHeaderParser.LONGEST)).put(bytes.flip());
        }
        return Optional.empty();
    }

    private Duration left(long deadline) throws TimedOut {
        long left = deadline - clock.nanos();
        if (left <= 0) {
            throw new TimedOut("a PROXY protocol header that takes too long");
        }
        return Duration.ofNanos(left);
    }

    /// A part of the header is there.
    private static boolean begin(ConnectionPhase phase, long started) {
        boolean open = phase.busy();
        if (open) {
            phase.readsHead(started);
        }
        return open;
    }
}
