package io.selvage.server.proxy;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.selvage.server.http.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Looks up hosts that are not in the configuration but come from variables of a request.
///
/// A lookup blocks its thread, so a few platform threads do it. The thread of the request parks until the result is there or a
/// timeout passes. Results are cached, failures included. Safe for any number of threads.
public final class Resolver implements AutoCloseable {
    private static final int THREADS = 4;
    private static final int MOST_WAITING = 256;
    private static final int MOST_CACHED = 10_000;

    private final NameLookup lookup;
    private final Duration timeout;
    private final Cache<String, CompletableFuture<List<InetAddress>>> known;
    private final ThreadPoolExecutor threads;

    /// @param valid how long a result is cached (`resolver valid=`)
    /// @param timeout the longest wait for one (`resolver_timeout`)
    public Resolver(NameLookup lookup, Duration valid, Duration timeout) {
        this.lookup = lookup;
        this.timeout = timeout;
        this.known = Caffeine.newBuilder().expireAfterWrite(valid).maximumSize(MOST_CACHED).build();
        this.threads = new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING),
                Thread.ofPlatform().daemon().name("selvage-resolver-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /// The addresses of a host.
    ///
    /// @throws Failure where it has none, or the lookup did not end in time
    List<InetAddress> addresses(String host) throws Failure {
        try {
            return known.get(host, this::startLookup).get(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            throw notFound(Failure.What.OVERLOADED, host, "too many lookups are waiting", e);
        } catch (TimeoutException e) {
            throw notFound(Failure.What.NO_PEER, host, "Operation timed out", e);
        } catch (ExecutionException e) {
            throw notFound(Failure.What.NO_PEER, host, "Host not found", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw notFound(Failure.What.NO_PEER, host, "interrupted", e);
        }
    }

    private CompletableFuture<List<InetAddress>> startLookup(String host) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return lookup.addresses(host);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }, threads);
    }

    private static Failure notFound(Failure.What what, String host, String why, Exception cause) {
        return new Failure(Failure.Where.UPSTREAM, what, true, host + " could not be resolved (" + why + ")", cause);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
