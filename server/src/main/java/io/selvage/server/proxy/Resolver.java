package io.selvage.server.proxy;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.selvage.server.http.Failure;
import io.selvage.server.proxy.HostLookup.HostAddresses;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Addresses of hosts that are not in the configuration but come from variables of a request.
///
/// The thread of the request parks until the result is there or a timeout passes; requests for the same host share a lookup.
/// Results are cached for as long as they are valid, failures are not. Safe for any number of threads.
public final class Resolver {
    private static final int MOST_CACHED = 10_000;

    private final HostLookup lookup;
    private final AsyncCache<String, Result> known;

    /// What came of a lookup. A failure is a value, too, which the cache forgets at once.
    private record Result(HostAddresses found, Optional<LookupException> failure) {
        static Result failed(Throwable failure) {
            return new Result(new HostAddresses(List.of(), Duration.ZERO), Optional.of(LookupException.failed(failure)));
        }
    }

    /// @param lookup is asked for hosts whose addresses are not in the cache
    public Resolver(HostLookup lookup) {
        this.lookup = lookup;
        this.known = Caffeine.newBuilder().maximumSize(MOST_CACHED).executor(Runnable::run)
                .expireAfter(Expiry.<String, Result>creating((_, result) -> result.found.valid())).buildAsync();
    }

    /// Looks up without the cache.
    public HostLookup lookup() {
        return lookup;
    }

    /// The addresses of a host.
    ///
    /// @param timeout the longest wait for them (`resolver_timeout`)
    /// @throws Failure where it has none, or the lookup did not end in time
    List<InetAddress> addresses(String host, Duration timeout) throws Failure {
        try {
            Result result = known.get(host.toLowerCase(Locale.ROOT), (name, _) -> start(name))
                    .get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            if (result.found.addresses().isEmpty()) {
                throw result.failure.orElseGet(LookupException::notFound).asFailure(host);
            }
            return result.found.addresses();
        } catch (TimeoutException _) {
            throw LookupException.timedOut().asFailure(host);
        } catch (ExecutionException e) {
            throw LookupException.failed(e).asFailure(host);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw LookupException.failed(e).asFailure(host);
        }
    }

    private CompletableFuture<Result> start(String host) {
        return lookup.start(host).handle((found, failure) -> failure == null ? new Result(found, Optional.empty())
                : Result.failed(failure instanceof CompletionException && failure.getCause() != null ? failure.getCause()
                        : failure));
    }
}
