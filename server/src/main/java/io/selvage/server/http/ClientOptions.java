package io.selvage.server.http;

import java.time.Duration;

/// How the server treats a client's connection: the limits and time-outs of nginx's core module. Those of the listener's default
/// site apply until the location of a request is known.
///
/// @param head limits and leniencies for request heads
/// @param receiving how request bodies are read
/// @param keepAlive when the connection stays open after a response
/// @param lingering how the connection is closed while the client may still send
/// @param sending how responses are written
/// @param http2 what holds for HTTP/2 only
/// @param resetTimedOut true to reset a connection that timed out rather than close it (`reset_timedout_connection`)
public record ClientOptions(Head head, Receiving receiving, KeepAlive keepAlive, Lingering lingering, Sending sending,
        Http2 http2, boolean resetTimedOut) {

    private static final int LEAST_FRAME = 1 << 14;
    private static final int MOST_FRAME = (1 << 24) - 1;

    /// Request heads.
    ///
    /// @param bufferSize bytes for an ordinary head (`client_header_buffer_size`)
    /// @param largeBuffers how many larger buffers a head may take, and
    /// @param largeBufferSize their size in bytes; no single line may be longer (`large_client_header_buffers`)
    /// @param maxFields the most fields of a head, and of a trailer section
    /// @param timeout for the whole head (`client_header_timeout`)
    /// @param underscores true to keep fields whose name has an underscore (`underscores_in_headers`)
    /// @param ignoreInvalid true to drop a field with an invalid name, false to refuse the request (`ignore_invalid_headers`)
    /// @param mergeSlashes true to treat adjacent slashes in a path as one (`merge_slashes`)
    public record Head(int bufferSize, int largeBuffers, int largeBufferSize, int maxFields, Duration timeout,
            boolean underscores, boolean ignoreInvalid, boolean mergeSlashes) {
    }

    /// Reading request bodies.
    ///
    /// @param timeout between two reads (`client_body_timeout`)
    /// @param minRate how slowly the client may send (`client_body_min_rate`)
    public record Receiving(Duration timeout, MinRate minRate) {
    }

    /// Persistent connections.
    ///
    /// @param timeout idle time between two requests; zero closes after each response (`keepalive_timeout`)
    /// @param headerSeconds value of a `Keep-Alive: timeout=` field, 0 for none
    /// @param requests the most requests of one connection (`keepalive_requests`)
    /// @param time the longest time a connection serves requests (`keepalive_time`)
    /// @param disabled clients that get none (`keepalive_disable`)
    /// @param minTimeout idle time in which the server does not close the connection (`keepalive_min_timeout`)
    public record KeepAlive(Duration timeout, int headerSeconds, long requests, Duration time, KeepAliveDisable disabled,
            Duration minTimeout) {

        /// True if these options allow another request after this one.
        ///
        /// @param count of the requests of the connection, this one included
        /// @param age of the connection when this request began, in nanoseconds
        public boolean allows(RequestHead request, int count, long age) {
            return timeout.isPositive() && count < requests && age < time.toNanos()
                    && !disabled.applies(request.method(), request.headers());
        }
    }

    /// Reading on before the connection is closed, so that the response is not lost to a reset (RFC 9112 §9.6).
    ///
    /// @param when (`lingering_close`)
    /// @param time for all of it (`lingering_time`)
    /// @param timeout between two reads (`lingering_timeout`)
    public record Lingering(When when, Duration time, Duration timeout) {
        /// Never, when the client may still send, or always.
        public enum When { OFF, ON, ALWAYS }
    }

    /// Writing responses.
    ///
    /// @param timeout between two writes (`send_timeout`)
    /// @param minRate how slowly the client may read (`send_min_rate`)
    /// @param noDelay true to send small segments at once (`tcp_nodelay`)
    /// @param sendfile true if the kernel may copy files to sockets (`sendfile`)
    /// @param chunked false to end a body of unknown length by closing the connection (`chunked_transfer_encoding`)
    public record Sending(Duration timeout, MinRate minRate, boolean noDelay, boolean sendfile, boolean chunked) {
    }

    /// HTTP/2.
    ///
    /// @param on whether it is offered to the clients of the site (`http2`)
    /// @param streams the most streams of a connection at a time (`http2_max_concurrent_streams`)
    /// @param window bytes of a request body that a client may send before they are read (`http2_body_preread_size`)
    /// @param receiveBuffer the same while the body is being read, if that is more (`http2_recv_buffer_size`)
    /// @param chunk the most bytes of a response body in one frame (`http2_chunk_size`)
    public record Http2(boolean on, int streams, int window, int receiveBuffer, int chunk) {
        private static final int DEFAULT_WINDOW = 64 * 1024;
    }

    /// The longest frame that a client may send, in bytes (SETTINGS_MAX_FRAME_SIZE, RFC 9113 §6.5.2): the 16 KiB that every
    /// client uses, unless a single field of a head may be longer, or more of a body than by default may be sent before it is
    /// read.
    public int maxFrameSize() {
        int ofBody = http2.window > Http2.DEFAULT_WINDOW ? http2.window : 0;
        return Math.clamp(Math.max(head.largeBufferSize, ofBody), LEAST_FRAME, MOST_FRAME);
    }

    /// nginx's defaults; a head has at most 1000 fields, and there is no least speed.
    public static final ClientOptions DEFAULT = new ClientOptions(
            new Head(1024, 4, 8192, 1000, Duration.ofSeconds(60), false, true, true),
            new Receiving(Duration.ofSeconds(60), MinRate.OFF),
            new KeepAlive(Duration.ofSeconds(75), 0, 1000, Duration.ofHours(1), new KeepAliveDisable(true, false), Duration.ZERO),
            new Lingering(Lingering.When.ON, Duration.ofSeconds(30), Duration.ofSeconds(5)),
            new Sending(Duration.ofSeconds(60), MinRate.OFF, true, true, true),
            new Http2(false, 128, Http2.DEFAULT_WINDOW, 256 * 1024, 8 * 1024),
            false);
}
