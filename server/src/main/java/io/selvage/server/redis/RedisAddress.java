package io.selvage.server.redis;

import io.lettuce.core.RedisURI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Where a Redis server is, as a URL: `redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE]`, and `rediss://` for TLS. `?timeout=50ms`
/// limits the wait for an answer; `?verifyPeer=NONE` or `CA` makes the verification of the server's certificate weaker.
///
/// @param url as configured
public record RedisAddress(String url) {
    private static final Duration TIMEOUT = Duration.ofMillis(100);

    /// @throws IllegalArgumentException if it is no such URL
    public RedisAddress {
        if (!url.startsWith("redis://") && !url.startsWith("rediss://") || !isHost(RedisURI.create(url).getHost())) {
            throw new IllegalArgumentException("no URL of a Redis server: " + url);
        }
    }

    /// A name, or an address, which has several colons if it has one.
    private static boolean isHost(@Nullable String host) {
        return host != null && !host.isEmpty() && (host.indexOf(':') < 0 || host.indexOf(':') < host.lastIndexOf(':'));
    }

    RedisURI uri() {
        return RedisURI.create(url);
    }

    /// The longest wait for an answer.
    Duration timeout() {
        Duration configured = uri().getTimeout();
        return configured.equals(RedisURI.DEFAULT_TIMEOUT_DURATION) ? TIMEOUT : configured;
    }

    /// Without the password.
    @Override
    public String toString() {
        RedisURI uri = uri();
        return (uri.isSsl() ? "rediss://" : "redis://") + uri.getHost() + ":" + uri.getPort();
    }
}
