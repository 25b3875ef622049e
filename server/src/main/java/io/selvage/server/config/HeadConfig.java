package io.selvage.server.config;

import java.time.Duration;

/// How the heads of requests are read. What holds before the virtual host is known is said by the first server of the address.
///
/// @param bufferSize bytes
/// @param largeBuffers no line of a head may be longer than one of them, and no head than all
public record HeadConfig(
        @Setting("client_header_buffer_size 1k") long bufferSize,
        @Setting("large_client_header_buffers 4 8k") BufferSizes largeBuffers,
        @Setting("client_header_timeout 60s") Duration timeout,
        @Setting("ignore_invalid_headers on") boolean ignoreInvalidHeaders,
        @Setting("underscores_in_headers off") boolean underscoresInHeaders,
        @Setting("merge_slashes on") boolean mergeSlashes) {}
