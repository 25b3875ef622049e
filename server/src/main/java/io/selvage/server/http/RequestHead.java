package io.selvage.server.http;

import java.util.Optional;

/// A request without its body.
///
/// @param method what is asked
/// @param target of what it is asked
/// @param version the version the client spoke
/// @param headers the fields as they came, without those that were dropped by rule (`underscores_in_headers`)
/// @param host the value of `Host`, where there is a valid one
/// @param requestLine the first line as it came, for the log; not to be trusted for anything else
/// @param size the number of bytes of the head on the wire, with its empty line
public record RequestHead(Method method, Target target, Version version, Headers headers, Optional<Authority> host,
        String requestLine, int size) {

    public RequestHead withHeaders(Headers changed) {
        return new RequestHead(method, target, version, changed, host, requestLine, size);
    }
}
