package io.selvage.server.http1;

import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import java.nio.charset.StandardCharsets;

/// The fields that are added to a handler's own where an answer is sent: `Server`, the date, the framing, `Connection`.
///
/// @param server the value of `Server`, empty where the handler's own is kept, or none is sent
/// @param date nothing where the handler's own is kept
/// @param framing as the head announces it
/// @param length the value of `Content-Length` where the framing is none but an answer with a body would have one; else empty
/// @param kept whether the connection may be used afterwards
/// @param keepAliveSeconds announced in a `Keep-Alive` field, 0 for none
/// @param upgrade whether `Connection` lists the `Upgrade` field of the handler (RFC 9110 §7.8)
record GeneratedHeaders(String server, DateField.Second date, Framing framing, String length, boolean kept,
        int keepAliveSeconds, boolean upgrade) {
    private static final byte[] SERVER = latin1("Server: ");
    private static final byte[] CONTENT_LENGTH = latin1("Content-Length: ");
    private static final byte[] CHUNKED = latin1("Transfer-Encoding: chunked\r\n");
    private static final byte[] KEEP_ALIVE = latin1("Connection: keep-alive\r\n");
    private static final byte[] UPGRADE = latin1("Connection: upgrade\r\n");
    private static final byte[] CLOSE = latin1("Connection: close\r\n");

    private static byte[] latin1(String line) {
        return line.getBytes(StandardCharsets.ISO_8859_1);
    }

    /// Writes the lines, and the empty one behind them.
    HeadBytes writeTo(HeadBytes bytes) throws Failure {
        if (!server.isEmpty()) {
            bytes.prepared(SERVER).text(server).endOfLine();
        }
        bytes.prepared(date.line());
        if (framing instanceof Framing.Length(long count)) {
            bytes.prepared(CONTENT_LENGTH).number(count).endOfLine();
        } else if (framing instanceof Framing.Chunked) {
            bytes.prepared(CHUNKED);
        } else if (!length.isEmpty()) {
            bytes.field("Content-Length", length);
        }
        if (upgrade) {
            bytes.prepared(UPGRADE);
        }
        bytes.prepared(kept ? KEEP_ALIVE : CLOSE);
        if (keepAliveSeconds > 0) {
            bytes.field("Keep-Alive", "timeout=" + keepAliveSeconds);
        }
        return bytes.endOfLine();
    }

    /// The same as fields behind others.
    Headers behind(Headers own) {
        Headers.Builder fields = own.toBuilder();
        if (!server.isEmpty()) {
            fields.add("Server", server);
        }
        if (!date.text().isEmpty()) {
            fields.add("Date", date.text());
        }
        if (framing instanceof Framing.Length(long count)) {
            fields.add("Content-Length", Long.toString(count));
        } else if (framing instanceof Framing.Chunked) {
            fields.add("Transfer-Encoding", "chunked");
        } else if (!length.isEmpty()) {
            fields.add("Content-Length", length);
        }
        if (upgrade) {
            fields.add("Connection", "upgrade");
        }
        fields.add("Connection", kept ? "keep-alive" : "close");
        if (keepAliveSeconds > 0) {
            fields.add("Keep-Alive", "timeout=" + keepAliveSeconds);
        }
        return fields.build();
    }
}
