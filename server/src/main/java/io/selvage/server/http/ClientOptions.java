package io.selvage.server.http;

import java.time.Duration;

/// How a client's connection is treated: the bounds and waits of nginx's core module. Those of the listener's default
/// site hold until
/// a location is known.
///
/// @param headerBufferSize bytes for an ordinary head (`client_header_buffer_size`)
/// @param largeHeaderBuffers how many larger buffers a head may take, and
/// @param largeHeaderBufferSize their size in bytes; no single line may be longer (`large_client_header_buffers`)
/// @param maxHeaders the most fields of a head, and of a trailer section
/// @param headerTimeout for the whole head (`client_header_timeout`)
/// @param bodyTimeout between two reads of a body (`client_body_timeout`)
/// @param sendTimeout between two writes (`send_timeout`)
/// @param keepaliveTimeout idle time between two requests, zero for no keep-alive (`keepalive_timeout`)
/// @param keepaliveHeaderSeconds value of a `Keep-Alive: timeout=` field, 0 for none
/// @param keepaliveRequests the most requests of one connection (`keepalive_requests`)
/// @param keepaliveTime the most time of one connection (`keepalive_time`)
/// @param lingering when a connection that still receives is drained before it is closed (`lingering_close`)
/// @param lingeringTime for all of that (`lingering_time`)
/// @param lingeringTimeout between two reads of it (`lingering_timeout`)
/// @param resetTimedOut whether a timed out connection is reset rather than closed (`reset_timedout_connection`)
/// @param underscoresInHeaders whether names with an underscore are kept (`underscores_in_headers`)
/// @param ignoreInvalidHeaders whether a field with an invalid name is dropped rather than refused (`ignore_invalid_headers`)
/// @param mergeSlashes whether doubled slashes in a path count as one (`merge_slashes`)
/// @param tcpNodelay whether small writes leave at once (`tcp_nodelay`)
/// @param sendfile whether the kernel may copy files to sockets (`sendfile`)
/// @param sendfileMaxChunk the most bytes of one such copy, 0 for no bound (`sendfile_max_chunk`)
public record ClientOptions(int headerBufferSize, int largeHeaderBuffers, int largeHeaderBufferSize, int maxHeaders,
        Duration headerTimeout, Duration bodyTimeout, Duration sendTimeout, Duration keepaliveTimeout,
        int keepaliveHeaderSeconds, long keepaliveRequests, Duration keepaliveTime, Lingering lingering,
        Duration lingeringTime, Duration lingeringTimeout, boolean resetTimedOut, boolean underscoresInHeaders,
        boolean ignoreInvalidHeaders, boolean mergeSlashes, boolean tcpNodelay, boolean sendfile, long sendfileMaxChunk) {

    /// `lingering_close`: never, when a body is left unread, or always.
    public enum Lingering { OFF, ON, ALWAYS }

    /// nginx's defaults; a head has at most 1000 fields.
    public static final ClientOptions DEFAULT = new ClientOptions(1024, 4, 8192, 1000, Duration.ofSeconds(60),
            Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofSeconds(75), 0, 1000, Duration.ofHours(1),
            Lingering.ON, Duration.ofSeconds(30), Duration.ofSeconds(5), false, false, true, true, true, true, 2 << 20);
}
