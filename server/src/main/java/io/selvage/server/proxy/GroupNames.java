package io.selvage.server.proxy;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/// Who is asked for the names among the peers of a group.
///
/// @param usual for all hosts but those of `special`
/// @param special by host or service: those that name servers of the configuration know (`server NAME resolve`)
/// @param patience how long a new configuration waits for the first addresses
public record GroupNames(HostLookup usual, Map<String, HostLookup> special, Duration patience) {
    /// For a group without hosts.
    static final GroupNames NONE = new GroupNames(
            _ -> CompletableFuture.failedFuture(LookupException.notFound()), Map.of(), Duration.ZERO);

    public GroupNames {
        special = Map.copyOf(special);
    }

    HostLookup lookup(String name) {
        return special.getOrDefault(name, usual);
    }
}
