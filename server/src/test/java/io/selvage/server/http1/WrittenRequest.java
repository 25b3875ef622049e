package io.selvage.server.http1;

import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Method;
import io.selvage.server.http.Version;
import java.nio.ByteBuffer;

/// The head of a request as [RequestWriter] writes it for a peer.
final class WrittenRequest {
    private WrittenRequest() {
    }

    /// @param headers those of the framing are left out
    static ByteBuffer head(Method method, String target, Version version, Headers headers, Framing framing) throws Failure {
        RequestWriter writer = new RequestWriter(method, target, version, 0);
        Headers others = headers.without("Content-Length").without("Transfer-Encoding");
        for (int i = 0; i < others.size(); i++) {
            writer.field(others.name(i), others.value(i));
        }
        return writer.end(framing);
    }
}
