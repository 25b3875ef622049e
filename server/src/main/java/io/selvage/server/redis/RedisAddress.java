package io.selvage.server.redis;

import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.Optional;
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

    /// Why a URL that others know is none of a store; empty for all others.
    public static Optional<String> unsupported(String url) {
        if (url.startsWith("redis-sentinel://") || url.startsWith("rediss-sentinel://")) {
            return Optional.of("Redis Sentinel is not supported: name the address that always leads to the primary server");
        }
        if (url.startsWith("redis-cluster://") || url.startsWith("rediss-cluster://")
                || url.startsWith("redis://") && url.substring(url.indexOf('@') + 1).contains(",")) {
            return Optional.of("Redis Cluster is not supported: name one server, or the primary of some replicas");
        }
        return url.startsWith("redis-socket://") || url.startsWith("redis+socket://")
                ? Optional.of("unix sockets of Redis are not supported: name a host") : Optional.empty();
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
