package io.selvage.server.http;

import java.util.Optional;

/// A value of an exchange that configuration names with a dollar sign. Empty where the exchange has none, which a
/// log distinguishes from an empty string.
///
/// Evaluated on the thread of the exchange; must not wait.
@FunctionalInterface
public interface Variable {
    Optional<String> of(Exchange exchange);
}
