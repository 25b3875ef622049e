package io.selvage.server.module;

import io.selvage.server.config.BufferSizes;
import io.selvage.server.config.Setting;
import io.selvage.server.proxy.BufferingOptions;
import io.selvage.server.proxy.NextUpstream;
import io.selvage.server.proxy.ProxyOptions;
import io.selvage.server.proxy.RedirectRules;
import io.selvage.server.proxy.ResponsePresentation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// How exchanges are passed to peers, whatever they speak.
record PassSettings(PassTimeouts timeouts, PassBuffers buffers, PassRequests requests, PassRetries retries,
        PassResponses responses) {

    /// @param send between two writes to the peer, as `read` is between two reads
    record PassTimeouts(
            @Setting(value = "*_connect_timeout 60s", doc = "How long one attempt to connect may take.") Duration connect,
            @Setting(value = "*_send_timeout 60s", doc = "How long a write to the peer may wait.") Duration send,
            @Setting(value = "*_read_timeout 60s", doc = "How long a read from the peer may wait.") Duration read) {

        ProxyOptions.Timeouts options() {
            return new ProxyOptions.Timeouts(connect, send, read);
        }
    }

    /// @param on whether a response is taken from the peer as fast as it comes, and kept for a slow client
    /// @param fileSize bytes of a response that may be kept on disk; 0 for none
    record PassBuffers(
            @Setting(value = "*_buffering on", doc = "Whether a response is read ahead of a slow client.") boolean on,
            @Setting(value = "*_buffer_size 4k", doc = "Bytes for the head of a response.",
                    differs = "it may also fill one of the buffers") long size,
            @Setting(value = "*_buffers 8 4k", doc = "Number and size of the buffers for a response.",
                    differs = "only their sum counts") BufferSizes buffers,
            @Setting(value = "*_max_temp_file_size 1024m", doc = "Bytes of a response that may be kept on disk; 0 for none.")
                    long fileSize,
            @Setting(value = "*_temp_path *_temp", arguments = "1-4", doc = "The folder for what is kept on disk.") Path folder) {
        ProxyOptions.BufferSizes sizes() {
            return new ProxyOptions.BufferSizes((int) Math.max(size, buffers.size()), (int) size);
        }

        BufferingOptions options() {
            return BufferingOptions.of(on, buffers.count(), buffers.size(), fileSize, folder);
        }
    }

    /// @param held whether a request's body is read to its end before a peer is asked
    record PassRequests(
            @Setting(value = "*_request_buffering on", doc = "Whether a body is read to its end before a peer is asked.")
                    boolean held,
            @Setting(value = "*_pass_request_headers on", doc = "Whether the peer gets the client's fields.") boolean fields,
            @Setting(value = "*_pass_request_body on", doc = "Whether the peer gets the client's body.") boolean body,
            @Setting(value = "*_ignore_client_abort off", doc = "Whether a peer may finish after its client has gone.")
                    boolean ignoreClientAbort) {
    }

    /// @param tries 0 for no bound
    /// @param time zero for no bound
    record PassRetries(
            @Setting(value = "*_next_upstream error timeout", doc = "When another peer is tried.")
                    Set<NextUpstream.Condition> conditions,
            @Setting(value = "*_next_upstream_tries 0", doc = "How many peers are tried; 0 for all.") int tries,
            @Setting(value = "*_next_upstream_timeout 0s", doc = "How long after the first try another one may begin.")
                    Duration time) {

        NextUpstream options() {
            return conditions.isEmpty() ? NextUpstream.OFF : new NextUpstream(conditions, tries, time);
        }
    }

    /// @param hidden fields that are not passed on, besides those that never are
    /// @param shown fields that are passed on although they usually are not
    /// @param ignored fields that are not obeyed
    record PassResponses(
            @Setting(value = "*_intercept_errors off", doc = "Whether error pages take the place of a peer's errors.")
                    boolean interceptErrors,
            @Setting(value = "*_hide_header", arguments = "1", doc = "A field of responses that the client does not get.")
                    List<String> hidden,
            @Setting(value = "*_pass_header", arguments = "1", doc = "A field that the client gets although it usually does not.")
                    List<String> shown,
            @Setting(value = "*_ignore_headers", doc = "Fields of responses that the server does not obey.")
                    Set<ObeyedField> ignored) {
        PassResponses {
            hidden = List.copyOf(hidden);
            shown = List.copyOf(shown);
            ignored = Set.copyOf(ignored);
        }

        ResponsePresentation presentation(RedirectRules redirects) {
            return ResponsePresentation.of(Set.copyOf(hidden), Set.copyOf(shown), redirects);
        }

        Set<String> ignoredNames() {
            return ignored.stream().map(ObeyedField::toString).collect(Collectors.toSet());
        }
    }

    /// Fields of responses that mean something to the server.
    enum ObeyedField {
        X_ACCEL_REDIRECT, X_ACCEL_EXPIRES, X_ACCEL_LIMIT_RATE, X_ACCEL_BUFFERING, X_ACCEL_CHARSET,
        EXPIRES, CACHE_CONTROL, SET_COOKIE, VARY;

        /// The name of the field, in small letters.
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
