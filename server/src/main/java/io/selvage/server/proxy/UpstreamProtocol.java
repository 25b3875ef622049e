package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Failure;
import io.selvage.server.http1.Framing;
import java.util.Optional;

/// A protocol that is spoken with the peers of a location: it encodes requests and opens calls. Immutable, for any number of
/// threads.
///
/// A new protocol is this interface and a [UpstreamCall]; nothing else in this package knows which protocol is spoken.
public interface UpstreamProtocol {

    /// True if the length of a body must be known before the body is sent.
    boolean needsLength();

    /// True if a peer may respond while the request is still sent, and the rest of the request counts then (RFC 9113 §8.1).
    default boolean isDuplex() {
        return false;
    }

    /// True if this server has passed the exchange on so often that it must be in a loop.
    default boolean isLoop(Exchange exchange) {
        return false;
    }

    /// True if each attempt has a head of its own. Otherwise all attempts of a request send the same bytes.
    default boolean encodesEachAttempt() {
        return false;
    }

    /// Encodes the head of a request. The bytes may not depend on a connection: HTTP/2, for example, refers to the static table
    /// of HPACK only, and the call adds frames and the number of its stream.
    ///
    /// @param body how the end of the body is marked
    /// @throws Failure where the request cannot be expressed in this protocol
    EncodedHead encode(Exchange exchange, ProxyTarget target, Framing body) throws Failure;

    /// Its name, for people.
    String name();

    /// The head of [#encode] for people: its bytes where they are text, otherwise a line for each variable or field.
    String readable(Exchange exchange, ProxyTarget target, Framing body) throws Failure;

    /// Opens a call on a connection that is open already: an idle one of the target's [PeerGroup], or a shared one in a protocol
    /// that multiplexes. Does not wait for the network.
    ///
    /// @param address of the peer
    /// @return empty where a new connection is needed
    Optional<UpstreamCall> reuse(UpstreamRequest request, String address);

    /// Opens a call on a new connection. Waits up to the connect timeout.
    ///
    /// @throws Failure with nothing sent
    UpstreamCall connect(UpstreamRequest request, String address) throws Failure;
}
