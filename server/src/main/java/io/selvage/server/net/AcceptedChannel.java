package io.selvage.server.net;

import io.helidon.common.socket.SocketOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// The way to the channel that Helidon accepted, which it does not hand out.
///
/// Helidon configures a socket on the accepting thread, just before it makes the connection's virtual thread there, and such a
/// thread inherits: so the channel crosses in an inheritable thread-local. A listener has one accepting
/// thread, which makes this exact. [AcceptExecutor] takes it on that thread.
record AcceptedChannel(SocketOptions defaults) implements SocketOptions {
    private static final InheritableThreadLocal<Optional<SocketChannel>> ACCEPTED = new InheritableThreadLocal<>() {
        @Override
        protected Optional<SocketChannel> initialValue() {
            return Optional.empty();
        }
    };

    /// The channel that the calling thread has accepted, or was made for; once.
    static SocketChannel take() {
        SocketChannel channel = ACCEPTED.get().orElseThrow(() -> new IllegalStateException("no connection was accepted"));
        ACCEPTED.remove();
        return channel;
    }

    @Override
    public void configureSocket(SocketChannel channel) {
        ACCEPTED.set(Optional.of(channel));
        try {
            if (channel.getRemoteAddress() instanceof InetSocketAddress) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
        } catch (IOException _) {
            // Ended already; whoever reads it will see that.
        }
    }

    @Override
    public Map<SocketOption<?>, Object> socketOptions() {
        return defaults.socketOptions();
    }

    @Override
    public Duration connectTimeout() {
        return defaults.connectTimeout();
    }

    @Override
    public Duration readTimeout() {
        return defaults.readTimeout();
    }

    @Override
    public Optional<Integer> socketReceiveBufferSize() {
        return defaults.socketReceiveBufferSize();
    }

    @Override
    public Optional<Integer> socketSendBufferSize() {
        return defaults.socketSendBufferSize();
    }

    @Override
    public boolean socketReuseAddress() {
        return defaults.socketReuseAddress();
    }

    @Override
    public boolean socketKeepAlive() {
        return defaults.socketKeepAlive();
    }

    @Override
    public boolean tcpNoDelay() {
        return true;
    }
}
