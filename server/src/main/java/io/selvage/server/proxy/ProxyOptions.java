package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/// How a location passes its requests on. Named after the directives of `proxy_*`; those of `uwsgi_*` mean the same.
///
/// @param timeouts how long a peer may take
/// @param maxHeadBytes of an answer's head (`proxy_buffer_size`)
/// @param tunnelBuffer bytes of each of the two buffers after a change of protocol
/// @param upload what becomes of the request's body
/// @param buffering what is kept of an answer for a slow client
/// @param next when another peer is tried
/// @param fields which fields of an answer are shown, and which are orders
/// @param redirects how `Location` is told
/// @param intercepted statuses, from 300 on, whose answer gives way to an error page of ours (`proxy_intercept_errors`)
/// @param ignoreClientAbort whether a peer may finish what nobody waits for any more (`proxy_ignore_client_abort`)
/// @param earlyHints whether a 103 of a peer goes to this client (`early_hints`)
public record ProxyOptions(Timeouts timeouts, int maxHeadBytes, int tunnelBuffer,
        RequestBodyOptions upload, BufferingOptions buffering, NextUpstream next, ResponseFields fields, RedirectRules redirects,
        IntPredicate intercepted, boolean ignoreClientAbort, Predicate<Exchange> earlyHints) {

    /// The longest waits for a peer.
    ///
    /// @param connect for a connection to be made (`proxy_connect_timeout`)
    /// @param send between two writes (`proxy_send_timeout`)
    /// @param read between two reads (`proxy_read_timeout`)
    public record Timeouts(Duration connect, Duration send, Duration read) {
    }

    /// nginx's defaults, with the head of an answer bounded at 8 KiB rather than at one page.
    ///
    /// @param bodyFolder where long bodies are put
    public static ProxyOptions defaults(Path bodyFolder) {
        Duration minute = Duration.ofSeconds(60);
        return new ProxyOptions(new Timeouts(minute, minute, minute), 8192, 16384, RequestBodyOptions.defaults(bodyFolder),
                BufferingOptions.defaults(bodyFolder), NextUpstream.DEFAULT, ResponseFields.DEFAULT, RedirectRules.OFF, _ ->
                        false,
                false, _ -> false);
    }

    public ProxyOptions withTimeouts(Duration connect, Duration send, Duration read) {
        return new ProxyOptions(new Timeouts(connect, send, read), maxHeadBytes, tunnelBuffer, upload, buffering, next,
                fields, redirects, intercepted, ignoreClientAbort, earlyHints);
    }

    public ProxyOptions withUpload(RequestBodyOptions changed) {
        return new ProxyOptions(timeouts, maxHeadBytes, tunnelBuffer, changed, buffering, next,
                fields, redirects, intercepted, ignoreClientAbort, earlyHints);
    }

    public ProxyOptions withBuffering(BufferingOptions changed) {
        return new ProxyOptions(timeouts, maxHeadBytes, tunnelBuffer, upload, changed, next,
                fields, redirects, intercepted, ignoreClientAbort, earlyHints);
    }

    public ProxyOptions withNext(NextUpstream changed) {
        return new ProxyOptions(timeouts, maxHeadBytes, tunnelBuffer, upload, buffering, changed,
                fields, redirects, intercepted, ignoreClientAbort, earlyHints);
    }

    public ProxyOptions withFields(ResponseFields changed) {
        return new ProxyOptions(timeouts, maxHeadBytes, tunnelBuffer, upload, buffering, next,
                changed, redirects, intercepted, ignoreClientAbort, earlyHints);
    }

    public ProxyOptions withRedirects(RedirectRules changed) {
        return new ProxyOptions(timeouts, maxHeadBytes, tunnelBuffer, upload, buffering, next,
                fields, changed, intercepted, ignoreClientAbort, earlyHints);
    }

    public ProxyOptions withIntercepted(IntPredicate statuses) {
        return new ProxyOptions(timeouts, maxHeadBytes, tunnelBuffer, upload, buffering, next,
                fields, redirects, statuses, ignoreClientAbort, earlyHints);
    }

    public ProxyOptions ignoringClientAbort() {
        return new ProxyOptions(timeouts, maxHeadBytes, tunnelBuffer, upload, buffering, next,
                fields, redirects, intercepted, true, earlyHints);
    }

    public ProxyOptions withEarlyHints(Predicate<Exchange> when) {
        return new ProxyOptions(timeouts, maxHeadBytes, tunnelBuffer, upload, buffering, next,
                fields, redirects, intercepted, ignoreClientAbort, when);
    }

    /// Whether this answer is read ahead of its client.
    boolean buffers(ResponseHead head) {
        return switch (fields.order(head.headers(), "X-Accel-Buffering").toLowerCase(Locale.ROOT)) {
            case "yes" -> true;
            case "no" -> false;
            default -> buffering.on();
        };
    }

    /// Whether the answer gives way to an error page of ours.
    boolean intercepts(Status status) {
        return status.code() >= 300 && intercepted.test(status.code());
    }

    /// Whether this head waits for the first of its body, so that a peer that dies between them has not answered yet.
    boolean holds(ResponseHead head) {
        return buffers(head) && !intercepts(head.status()) && fields.order(head.headers(), "X-Accel-Redirect").isEmpty();
    }
}
