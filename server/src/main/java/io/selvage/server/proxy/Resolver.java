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

/// Looks up hosts that are known only when a request comes, because a variable named them.
///
/// A few platform threads do it, since a lookup holds its thread; a connection's thread parks meanwhile, no longer than a
/// bound. Answers, refusals included, are remembered. Safe for any number of threads.
public final class Resolver implements AutoCloseable {
    private static final int THREADS = 4;
    private static final int WAITING = 256;
    private static final int REMEMBERED = 10_000;

    private final NameLookup lookup;
    private final Duration patience;
    private final Cache<String, CompletableFuture<List<InetAddress>>> known;
    private final ThreadPoolExecutor threads;

    /// @param valid how long an answer is remembered (`resolver valid=`)
    /// @param patience the longest wait for one (`resolver_timeout`)
    public Resolver(NameLookup lookup, Duration valid, Duration patience) {
        this.lookup = lookup;
        this.patience = patience;
        this.known = Caffeine.newBuilder().expireAfterWrite(valid).maximumSize(REMEMBERED).build();
        this.threads = new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING),
                Thread.ofPlatform().daemon().name("selvage-resolver-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    /// The addresses of a host.
    ///
    /// @throws Failure when it has none, or they were not found in time
    List<InetAddress> addresses(String host) throws Failure {
        try {
            return known.get(host, this::begin).get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            throw notFound(Failure.What.OVERLOADED, host, "too many lookups wait", e);
        } catch (TimeoutException e) {
            throw notFound(Failure.What.NO_PEER, host, "Operation timed out", e);
        } catch (ExecutionException e) {
            throw notFound(Failure.What.NO_PEER, host, "Host not found", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw notFound(Failure.What.NO_PEER, host, "interrupted", e);
        }
    }

    private CompletableFuture<List<InetAddress>> begin(String host) {
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
