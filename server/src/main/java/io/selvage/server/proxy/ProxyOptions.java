package io.selvage.server.proxy;

import io.selvage.server.http.ResponseHead;
import java.time.Duration;

/// How a location passes its requests on. Named after the directives of `proxy_*`; those of `grpc_*`, `fastcgi_*`, `scgi_*` and
/// `uwsgi_*` mean the same.
///
/// @param wire how peers are talked to
/// @param requestBody which body a peer gets, and whether it is received in full first
/// @param buffering how much of a response is stored for a slow client
/// @param nextUpstream when another peer is tried
/// @param controls which parts of a response's head decide what is done with it
/// @param presentation which fields of a response the client gets
/// @param delivery what is done with a response on its way to the client
/// @param ignoreClientAbort true if a peer may finish a response whose client has gone (`proxy_ignore_client_abort`)
public record ProxyOptions(Wire wire, RequestBodyOptions requestBody, BufferingOptions buffering, NextUpstream nextUpstream,
        ResponseControls controls, ResponsePresentation presentation, Delivery delivery, boolean ignoreClientAbort) {

    /// How peers are talked to.
    ///
    /// @param connecting how connections are made
    /// @param timeouts how long a peer may take
    /// @param bufferSizes how much is read from a peer at once
    public record Wire(Connecting connecting, Timeouts timeouts, BufferSizes bufferSizes) {
    }

    /// The longest waits for a peer.
    ///
    /// @param connect for a connection to be made (`proxy_connect_timeout`)
    /// @param send between two writes (`proxy_send_timeout`)
    /// @param read between two reads (`proxy_read_timeout`)
    public record Timeouts(Duration connect, Duration send, Duration read) {

        /// The same, but none longer than this.
        Timeouts atMost(Duration longest) {
            return new Timeouts(shorter(connect, longest), shorter(send, longest), shorter(read, longest));
        }

        private static Duration shorter(Duration one, Duration other) {
            return one.compareTo(other) < 0 ? one : other;
        }
    }

    /// Bounds on memory, in bytes.
    ///
    /// @param head of the head of a response, status line included (`proxy_buffer_size`, `proxy_buffers`)
    /// @param tunnel of each of the two buffers after a change of protocol (`proxy_buffer_size`)
    public record BufferSizes(int head, int tunnel) {
    }

    ProxyOptions withTimeouts(Timeouts other) {
        return new ProxyOptions(new Wire(wire.connecting, other, wire.bufferSizes), requestBody, buffering, nextUpstream,
                controls, presentation, delivery, ignoreClientAbort);
    }

    Timeouts timeouts() {
        return wire.timeouts;
    }

    BufferSizes bufferSizes() {
        return wire.bufferSizes;
    }

    /// True if the body of this response is read ahead of the client.
    boolean buffers(ResponseHead head) {
        return controls.buffering(head).orElse(buffering.on());
    }

    /// True if the client gets the body behind this head. Where it is buffered, such a head is held until the first bytes of the
    /// body have come: a peer that closes between the two then counts as one that did not respond.
    boolean isPassedOn(ResponseHead head) {
        return !controls.intercepts(head.status()) && controls.redirect(head).isEmpty();
    }
}
