package io.selvage.server.http;

import java.util.Optional;

/// A request without its body.
///
/// @param method what is asked
/// @param target of what it is asked
/// @param version the version the client spoke
/// @param headers the fields as received, without those that were dropped by rule (`underscores_in_headers`). `Host` is the
///        authority of the target if that has one (RFC 9112 §3.2.2)
/// @param host the value of `Host`, if there is a valid one
/// @param requestLine the first line as it came, for the log; not to be trusted for anything else
/// @param size the number of bytes of the head on the wire, with its empty line
/// @param loneLf true if a line of it ended with a LF alone (RFC 9112 §2.2)
public record RequestHead(Method method, Target target, Version version, Headers headers, Optional<Authority> host,
        String requestLine, int size, boolean loneLf) {

    /// The same head with other fields; [#host] does not follow a changed `Host`.
    public RequestHead withHeaders(Headers changed) {
        return new RequestHead(method, target, version, changed, host, requestLine, size, loneLf);
    }
}
