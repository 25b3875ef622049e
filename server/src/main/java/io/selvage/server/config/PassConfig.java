package io.selvage.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// How exchanges are passed to peers, whatever they speak.
///
/// @param connectTimeout for one attempt
/// @param sendTimeout between two writes to the peer, as `readTimeout` is between two reads
/// @param buffering whether an answer is taken from the peer as fast as it comes, and kept for a slow client
/// @param bufferSize bytes; the head of an answer must fit
/// @param maxTempFileSize bytes of an answer that may be kept on disk; 0 for none
/// @param requestBuffering whether a request's body is read to its end before a peer is troubled
/// @param nextUpstreamTries 0 for no bound
/// @param nextUpstreamTimeout zero for no bound
/// @param hideHeaders fields of answers that are not passed on, besides those that never are
/// @param passHeaders fields that are passed on although they usually are not
/// @param ignoreHeaders fields of answers that are not obeyed
public record PassConfig(
        @Setting("*_connect_timeout 60s") Duration connectTimeout,
        @Setting("*_send_timeout 60s") Duration sendTimeout,
        @Setting("*_read_timeout 60s") Duration readTimeout,
        @Setting("*_buffering on") boolean buffering,
        @Setting("*_buffer_size 4k") long bufferSize,
        @Setting("*_buffers 8 4k") BufferSizes buffers,
        @Setting("*_max_temp_file_size 1024m") long maxTempFileSize,
        @Setting("*_temp_path *_temp") Path tempPath,
        @Setting("*_request_buffering on") boolean requestBuffering,
        @Setting("*_pass_request_headers on") boolean passRequestHeaders,
        @Setting("*_pass_request_body on") boolean passRequestBody,
        @Setting("*_ignore_client_abort off") boolean ignoreClientAbort,
        @Setting("*_next_upstream error timeout") Set<NextUpstream> nextUpstream,
        @Setting("*_next_upstream_tries 0") int nextUpstreamTries,
        @Setting("*_next_upstream_timeout 0s") Duration nextUpstreamTimeout,
        @Setting("*_intercept_errors off") boolean interceptErrors,
        @Setting("*_hide_header") List<String> hideHeaders,
        @Setting("*_pass_header") List<String> passHeaders,
        @Setting("*_ignore_headers") Set<ObeyedHeader> ignoreHeaders) {
    /// When another peer is tried. `NON_IDEMPOTENT` allows it for methods that may do harm twice, `OFF` forbids it for all.
    public enum NextUpstream {
        ERROR, TIMEOUT, DENIED, INVALID_HEADER, HTTP_403, HTTP_404, HTTP_429, HTTP_500, HTTP_502, HTTP_503, HTTP_504,
        NON_IDEMPOTENT, OFF
    }

    /// Fields of answers that mean something to the server.
    public enum ObeyedHeader {
        X_ACCEL_REDIRECT, X_ACCEL_EXPIRES, X_ACCEL_LIMIT_RATE, X_ACCEL_BUFFERING, X_ACCEL_CHARSET,
        EXPIRES, CACHE_CONTROL, SET_COOKIE, VARY;

        /// The name of the field, in small letters.
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public PassConfig {
        nextUpstream = Set.copyOf(nextUpstream);
        hideHeaders = List.copyOf(hideHeaders);
        passHeaders = List.copyOf(passHeaders);
        ignoreHeaders = Set.copyOf(ignoreHeaders);
    }
}
