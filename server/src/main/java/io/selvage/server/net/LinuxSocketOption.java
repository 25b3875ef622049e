package io.selvage.server.net;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;

/// Options of a listening socket that the JDK does not offer.
///
/// The JDK clears `IPV6_V6ONLY` on every IPv6 socket and has no option to set it again; without it, one process cannot listen on
/// `0.0.0.0:80` and `[::]:80` at once.
enum LinuxSocketOption {
    IPV6_V6ONLY(41, 26),
    TCP_DEFER_ACCEPT(6, 9),
    TCP_FASTOPEN(6, 23);

    private final int level;
    private final int number;

    LinuxSocketOption(int level, int number) {
        this.level = level;
        this.number = number;
    }

    /// @throws IOException as [LinuxSocket#setOption]
    void set(ServerSocketChannel channel, int value) throws IOException {
        LinuxSocket.setOption(channel, name(), level, number, value);
    }
}
