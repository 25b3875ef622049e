package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;

/// Where the requests of a location go: what `proxy_pass` says, known at the start or made of variables.
@FunctionalInterface
public interface TargetSelector {

    /// @throws Failure when variables made nothing that can be reached
    ProxyTarget aim(Exchange exchange) throws Failure;

    /// The same for every request.
    static TargetSelector of(ProxyTarget aim) {
        return _ -> aim;
    }
}
