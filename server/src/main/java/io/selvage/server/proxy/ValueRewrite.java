package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import java.util.Optional;

/// Changes a value in a response of a peer.
@FunctionalInterface
public interface ValueRewrite {

    /// The whole new value, or empty where the rule does not match.
    Optional<String> rewritten(String value, Exchange exchange);
}
