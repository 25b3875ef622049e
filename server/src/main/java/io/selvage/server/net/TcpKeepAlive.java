package io.selvage.server.net;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import jdk.net.ExtendedSocketOptions;

/// TCP's probes of a silent connection (`so_keepalive`).
///
/// @param on whether there are probes
/// @param idleSeconds silence before the first probe; 0 for the kernel's setting, as in what follows
/// @param intervalSeconds time between two probes
/// @param count probes without an answer that end the connection
public record TcpKeepAlive(boolean on, int idleSeconds, int intervalSeconds, int count) {
    public static final TcpKeepAlive OFF = new TcpKeepAlive(false, 0, 0, 0);
    /// Probes with the kernel's times.
    public static final TcpKeepAlive ON = new TcpKeepAlive(true, 0, 0, 0);

    void applyTo(SocketChannel channel) throws IOException {
        if (!on) {
            return;
        }
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        if (idleSeconds > 0) {
            channel.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, idleSeconds);
        }
        if (intervalSeconds > 0) {
            channel.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, intervalSeconds);
        }
        if (count > 0) {
            channel.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, count);
        }
    }
}
