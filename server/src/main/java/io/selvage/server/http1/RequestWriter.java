package io.selvage.server.http1;

import io.selvage.server.http.Failure;
import io.selvage.server.http.FieldNameSet;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Method;
import io.selvage.server.http.Version;
import java.nio.ByteBuffer;

/// Writes the head of a request to a peer (RFC 9112 §3).
public final class RequestWriter {
    private static final FieldNameSet FRAMING = FieldNameSet.of("content-length", "transfer-encoding");

    private RequestWriter() {
    }

    /// The bytes of a head.
    ///
    /// @param target as it stands in the request line, already encoded
    /// @param headers everything but the framing; `Content-Length` and `Transfer-Encoding` among them are left out
    /// @param framing of the body that follows; a length is told even when it is 0
    /// @throws Failure a bug, where something in it could end a line early or a target has a space
    public static ByteBuffer head(Method method, String target, Version version, Headers headers, Framing framing)
            throws Failure {
        if (!CharClasses.isToken(method.name()) || target.isEmpty() || target.indexOf(' ') >= 0 || target.indexOf('\t') >= 0) {
            throw Failure.here(Failure.What.BUG, "an invalid request line that was to be sent");
        }
        HeadBytes bytes = new HeadBytes().text(method.name()).text(" ").text(target).text(" ").text(version.toString())
                .endOfLine();
        for (int i = 0; i < headers.size(); i++) {
            if (!FRAMING.contains(headers.name(i))) {
                bytes.field(headers.name(i), headers.value(i));
            }
        }
        switch (framing) {
            case Framing.Length(long count) -> bytes.field("Content-Length", Long.toString(count));
            case Framing.Chunked() -> bytes.field("Transfer-Encoding", "chunked");
            case Framing.None() -> { }
            case Framing.UntilClose(), Framing.Refused _ ->
                throw Failure.here(Failure.What.BUG, "a request body without a known end");
        }
        return bytes.endOfLine().done();
    }
}
