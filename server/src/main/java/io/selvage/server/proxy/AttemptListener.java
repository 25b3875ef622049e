package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;

/// Learns of each attempt at a peer before its request is encoded, and may change the fields that the peer gets.
@FunctionalInterface
public interface AttemptListener {

    /// Called on the thread of the exchange; must not wait. May change [Exchange#headers]. The record of the attempt is added to
    /// the exchange later, unless no peer can be chosen.
    void beforeAttempt(Exchange exchange, ProxyTarget target);
}
