package io.selvage.server.http2;

import io.selvage.server.http.Headers;
import io.selvage.server.http.Method;
import io.selvage.server.http.RequestHead;
import java.security.SecureRandom;
import java.util.Base64;

/// An extended CONNECT (RFC 8441) as a request of HTTP/1 that changes the protocol (RFC 9110 §7.8), so that locations, variables
/// and peers see one kind of request whatever version the client speaks.
final class WebSocketRequest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int KEY_BYTES = 16;

    private WebSocketRequest() {
    }

    /// The request with method GET. One for a WebSocket gets the key that RFC 6455 §4.1 demands, which means nothing to HTTP/2.
    ///
    /// @param protocol the value of `:protocol`
    static RequestHead of(RequestHead connect, String protocol) {
        Headers.Builder fields = connect.headers().toBuilder().add("Connection", "upgrade").add("Upgrade", protocol);
        if (protocol.equalsIgnoreCase("websocket")) {
            byte[] key = new byte[KEY_BYTES];
            RANDOM.nextBytes(key);
            fields.set("Sec-WebSocket-Key", Base64.getEncoder().encodeToString(key));
        }
        return new RequestHead(Method.GET, connect.target(), connect.version(), fields.build(), connect.host(),
                connect.requestLine(), connect.size(), connect.loneLf());
    }
}
