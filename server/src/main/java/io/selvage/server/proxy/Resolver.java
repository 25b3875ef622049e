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
import java.util.concurrent.CancellationException;
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
    private final AsyncCache<String, HostAddresses> known;

    public Resolver(HostLookup lookup) {
        this.lookup = lookup;
        this.known = Caffeine.newBuilder().maximumSize(MOST_CACHED).executor(Runnable::run)
                .expireAfter(Expiry.<String, HostAddresses>creating((_, found) -> found.valid())).buildAsync();
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
            List<InetAddress> found = known.get(host.toLowerCase(Locale.ROOT), (name, _) -> lookup.start(name))
                    .get(timeout.toNanos(), TimeUnit.NANOSECONDS).addresses();
            if (found.isEmpty()) {
                throw LookupException.notFound().asFailure(host);
            }
            return found;
        } catch (TimeoutException _) {
            throw LookupException.timedOut().asFailure(host);
        } catch (ExecutionException | CancellationException e) {
            throw LookupException.failed(cause(e)).asFailure(host);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw LookupException.failed(e).asFailure(host);
        }
    }

    private static Throwable cause(Exception wrapping) {
        Throwable cause = wrapping.getCause();
        return cause == null ? wrapping : cause;
    }
}
