package io.selvage.server.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/// What the kernel measured of a TCP connection (`TCP_INFO` of tcp(7)).
///
/// @param rttMicros the round-trip time, smoothed
/// @param rttVarianceMicros its deviation
/// @param sendWindow the congestion window, in segments
/// @param receiveSpace the window advertised to the other side, in bytes
public record TcpInfo(long rttMicros, long rttVarianceMicros, long sendWindow, long receiveSpace) {
    private static final int LEVEL = 6;                    // IPPROTO_TCP
    private static final int OPTION = 11;                  // TCP_INFO
    private static final int BYTES = 104;

    /// Asks the kernel, without waiting. Empty for a socket that is not one of TCP, or where the JVM does not allow the call.
    static Optional<TcpInfo> of(SocketChannel channel) {
        try {
            ByteBuffer info = ByteBuffer.wrap(LinuxSocket.option(channel, "TCP_INFO", LEVEL, OPTION, BYTES))
                    .order(ByteOrder.nativeOrder());
            return Optional.of(new TcpInfo(unsigned(info, 68), unsigned(info, 72), unsigned(info, 80), unsigned(info, 96)));
        } catch (IOException notTcp) {
            return Optional.empty();
        }
    }

    private static long unsigned(ByteBuffer info, int offset) {
        return Integer.toUnsignedLong(info.getInt(offset));
    }
}
