package io.selvage.server.proxy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A lookup that fails when there is no answer in time. Equal ones share their answers.
///
/// @param timeout the longest wait for an answer (`resolver_timeout`)
public record TimedLookup(HostLookup lookup, Duration timeout) implements HostLookup {

    @Override
    public CompletableFuture<HostAddresses> start(String host) {
        return inTime(lookup.start(host));
    }

    @Override
    public CompletableFuture<ServiceServers> startService(String service) {
        return inTime(lookup.startService(service));
    }

    private <T> CompletableFuture<T> inTime(CompletableFuture<T> answer) {
        return answer.orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS).exceptionallyCompose(failure ->
                CompletableFuture.failedFuture(failure instanceof TimeoutException ? LookupException.timedOut()
                        : LookupException.ofFuture(failure)));
    }
}
