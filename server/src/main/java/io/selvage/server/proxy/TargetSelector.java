package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;

/// Where the requests of a location go: the target that `proxy_pass` names, either fixed or made of variables.
@FunctionalInterface
public interface TargetSelector {

    /// @throws Failure where the variables make no target that can be reached
    ProxyTarget select(Exchange exchange) throws Failure;

    /// The same target for every request.
    static TargetSelector of(ProxyTarget target) {
        return _ -> target;
    }
}
