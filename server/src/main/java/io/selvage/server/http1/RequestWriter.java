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

    /// Encodes a head.
    ///
    /// @param target the target of the request line, already encoded
    /// @param headers all fields but the framing; `Content-Length` and `Transfer-Encoding` among them are skipped
    /// @param framing of the body that follows; a length is sent even if it is 0
    /// @throws Failure a bug: a value could end a line early, or the target contains a space
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
