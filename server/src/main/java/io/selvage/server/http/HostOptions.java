package io.selvage.server.http;

import java.util.Optional;

/// How the remaining fields of a request head are read once its host is known: as the site of that host says.
@FunctionalInterface
public interface HostOptions {
    /// All sites of an address read heads alike.
    HostOptions SAME = _ -> Optional.empty();

    /// The options of the site that serves this host; empty if they are those that are in use.
    Optional<ClientOptions.Head> of(Authority host);
}
