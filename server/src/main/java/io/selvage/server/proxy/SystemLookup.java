package io.selvage.server.proxy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// The lookup of the operating system. It blocks its thread, so four platform threads do it; at most 256 lookups wait for them,
/// and further ones fail. A host that is not found is a result, too, and valid for as long.
public final class SystemLookup implements HostLookup, AutoCloseable {
    private static final int THREADS = 4;
    private static final int MOST_WAITING = 256;

    private final Duration valid;
    private final ThreadPoolExecutor threads;

    /// @param valid how long results may be used
    public SystemLookup(Duration valid) {
        this.valid = valid;
        this.threads = new ThreadPoolExecutor(THREADS, THREADS, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING),
                Thread.ofPlatform().daemon().name("selvage-resolver-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public CompletableFuture<HostAddresses> start(String host) {
        try {
            return CompletableFuture.supplyAsync(() -> new HostAddresses(addresses(host), valid), threads);
        } catch (RejectedExecutionException _) {
            return CompletableFuture.failedFuture(LookupException.tooMany());
        }
    }

    private static List<InetAddress> addresses(String host) {
        try {
            return List.of(InetAddress.getAllByName(host));
        } catch (UnknownHostException _) {
            return List.of();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
