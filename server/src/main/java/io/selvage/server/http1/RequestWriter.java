package io.selvage.server.http1;

import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Method;
import io.selvage.server.http.Version;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Writes the head of one request to a peer (RFC 9112 §3): the request line, then [#field] any number of times, then [#end].
///
/// Each method throws a [Failure], a bug, where something could end a line early. Nothing must be sent then.
public final class RequestWriter implements HeadSink {
    private static final byte[] END_1_1 = " HTTP/1.1\r\n".getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] END_1_0 = " HTTP/1.0\r\n".getBytes(StandardCharsets.ISO_8859_1);

    private final HeadBytes bytes;

    /// Writes the request line.
    ///
    /// @param target already encoded
    /// @param expected bytes of the whole head, as far as that is known
    /// @throws Failure also if the target is empty or contains a space
    public RequestWriter(Method method, String target, Version version, int expected) throws Failure {
        bytes = new HeadBytes(expected);
        if (!CharClasses.isToken(method.name()) || target.isEmpty() || target.indexOf(' ') >= 0 || target.indexOf('\t') >= 0) {
            throw Failure.here(Failure.What.BUG, "an invalid request line that was to be sent");
        }
        bytes.text(method.name()).space().text(target).prepared(version == Version.HTTP_1_1 ? END_1_1 : END_1_0);
    }

    /// Writes a field, which is neither `Content-Length` nor `Transfer-Encoding`.
    @Override
    public void field(String name, String value) throws Failure {
        bytes.field(name, value);
    }

    @Override
    public void field(PreparedName name, String value) throws Failure {
        bytes.prepared(name.start()).text(value).endOfLine();
    }

    @Override
    public void field(Headers fields, int index) throws Failure {
        bytes.field(fields, index);
    }

    /// Ends the head.
    ///
    /// @param framing of the body that follows; a length is sent even if it is 0
    /// @return the whole head
    public ByteBuffer end(Framing framing) throws Failure {
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
