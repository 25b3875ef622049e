package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http1.Framing;
import io.selvage.server.http1.Http1Call;

/// What is spoken with a peer: how a request is put into bytes, and what an answer means. All else is the same for all.
public interface PeerProtocol {

    /// Whether the length of a body must be known before it is sent.
    boolean needsLength();

    /// Whether a connection can carry another request.
    boolean keepsConnections();

    /// The request for this exchange.
    ///
    /// @param body how the end of its body is told
    /// @throws Failure where it cannot be said in this protocol
    UpstreamRequest request(Exchange exchange, ProxyTarget aim, Framing body) throws Failure;

    /// Whether an exchange has been passed on so often that it will never arrive.
    default boolean circles(Exchange exchange) {
        return false;
    }

    /// Makes a call ready for the answers of this protocol.
    default void prepare(Http1Call call) {
    }

    /// What an answer means in HTTP.
    default ResponseHead understood(ResponseHead answered) {
        return answered;
    }
}
