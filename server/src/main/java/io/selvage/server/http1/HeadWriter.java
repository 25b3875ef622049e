package io.selvage.server.http1;

import io.selvage.server.http.Body;
import io.selvage.server.http.ClientRules;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Method;
import io.selvage.server.http.RequestHead;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Version;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/// Completes the head of an answer and writes it (RFC 9112 §4, §6).
final class HeadWriter {

    /// A head as it is sent.
    ///
    /// @param framing of what follows it on the wire; none for an answer to HEAD
    /// @param persistent whether the connection may be used afterwards
    record Complete(ResponseHead head, Framing framing, boolean persistent) {
    }

    private HeadWriter() {
    }

    /// Adds the date, the framing and the fate of the connection, in the place of what the handler said of these.
    ///
    /// @param persistent whether the connection may be kept, as far as the request and the rules say
    static Complete complete(RequestHead request, ResponseHead head, Body body, boolean persistent, ClientRules rules,
            String date) {
        Framing framing = framing(request, head, body.length());
        boolean kept = persistent && !(framing instanceof Framing.UntilClose);
        Headers.Builder fields = Headers.builder();
        boolean dated = false;
        for (int i = 0; i < head.headers().size(); i++) {
            String name = head.headers().name(i);
            if (!isOurs(name)) {
                fields.add(name, head.headers().value(i));
                dated |= Headers.same(name, "Date");
            }
        }
        if (!dated) {
            fields.add("Date", date);
        }
        boolean headOnly = request.method().equals(Method.HEAD) && !head.status().isBodiless();
        switch (framing) {
            case Framing.Length(long bytes) when !headOnly || bytes > 0 -> fields.add("Content-Length", Long.toString(bytes));
            case Framing.Chunked() when !headOnly -> fields.add("Transfer-Encoding", "chunked");
            case Framing _ -> {
                if (headOnly || head.status().code() == 304) {
                    head.headers().first("Content-Length").ifPresent(length -> fields.add("Content-Length", length));
                }
            }
        }
        fields.add("Connection", kept ? "keep-alive" : "close");
        if (kept && rules.keepaliveHeaderSeconds() > 0) {
            fields.add("Keep-Alive", "timeout=" + rules.keepaliveHeaderSeconds());
        }
        return new Complete(head.withHeaders(fields.build()), headOnly ? Framing.NONE : framing, kept);
    }

    /// The bytes of a head. The version told is always our own (RFC 9112 §2.3).
    ///
    /// @throws Failure a bug, where something in it could end a line early; nothing must be sent then
    static ByteBuffer bytes(ResponseHead head) throws Failure {
        return new HeadBytes().text("HTTP/1.1 ").text(Integer.toString(head.status().code())).text(" ")
                .text(head.status().reason()).endOfLine().fields(head.headers()).done();
    }

    private static Framing framing(RequestHead request, ResponseHead head, OptionalLong length) {
        if (head.status().isBodiless()) {
            return Framing.NONE;
        }
        if (length.isPresent()) {
            return new Framing.Length(length.getAsLong());
        }
        return request.version() == Version.HTTP_1_1 ? Framing.CHUNKED : Framing.UNTIL_CLOSE;
    }

    private static boolean isOurs(String name) {
        return Headers.same(name, "Content-Length") || Headers.same(name, "Transfer-Encoding")
                || Headers.same(name, "Connection") || Headers.same(name, "Keep-Alive");
    }
}
