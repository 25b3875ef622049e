package io.selvage.server.http1;

import io.selvage.server.http.Body;
import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.Failure;
import io.selvage.server.http.FieldNameSet;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Method;
import io.selvage.server.http.RequestHead;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import io.selvage.server.http.Version;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/// Completes the head of an answer and writes it (RFC 9112 §4, §6).
final class HeadWriter {
    /// One object, so that fields which last know it again.
    private static final Headers.Maker<byte[], Failure> LINES = HeadWriter::lines;
    private static final FieldNameSet OURS = FieldNameSet.of("content-length", "transfer-encoding", "connection", "keep-alive");
    /// An ordinary head fits.
    static final int ROOM = 1024;
    private static final int STATUSES = 600;
    private static final byte[][] STATUS_LINES = new byte[STATUSES][];

    static {
        for (int code = 100; code < STATUSES; code++) {
            Status status = Status.of(code);
            STATUS_LINES[code] = ("HTTP/1.1 " + code + " " + status.reason() + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    /// A head as it is sent.
    ///
    /// @param bytes on the wire
    /// @param own the head from the handler
    /// @param added what came to that
    /// @param framing of what follows it on the wire; none for an answer to HEAD
    record Written(ByteBuffer bytes, ResponseHead own, GeneratedHeaders added, Framing framing) {

        /// All its fields.
        Headers fields() {
            return added.behind(own.headers().without(OURS::contains));
        }

        /// Whether the connection may be used afterwards.
        boolean persistent() {
            return added.kept();
        }
    }

    private HeadWriter() {
    }

    /// Adds `Server` and `Date` where the handler gave none. The framing and `Connection` replace those of the handler. The
    /// version is always our own (RFC 9112 §2.3).
    ///
    /// @param persistent whether the connection may be kept, as far as the request and the options allow
    /// @param server for an answer without one; empty for none
    /// @param date for an answer without one
    /// @param room a heap buffer for the head, of [#ROOM] bytes; a longer head has a buffer of its own
    /// @throws Failure a bug, where something in it could end a line early; nothing must be sent then
    static Written write(RequestHead request, ResponseHead head, Body body, boolean persistent, ClientOptions options,
            String server, DateField.Second date, ByteBuffer room) throws Failure {
        Framing framing = framing(request, head, body.length(), options);
        boolean headOnly = request.method().equals(Method.HEAD) && !head.status().isBodiless();
        HeadBytes bytes = statusLine(head.status(), new HeadBytes(room));
        own(bytes, head.headers());
        GeneratedHeaders added = added(head, server, date, framing, headOnly, persistent, options);
        return new Written(added.writeTo(bytes).done(), head, added, headOnly ? Framing.NONE : framing);
    }

    /// The bytes of a head that is complete.
    ///
    /// @throws Failure as [#write]
    static ByteBuffer bytes(ResponseHead head) throws Failure {
        return statusLine(head.status(), new HeadBytes()).fields(head.headers()).done();
    }

    private static HeadBytes statusLine(Status status, HeadBytes bytes) throws Failure {
        int code = status.code();
        if (code < STATUSES && status.equals(Status.of(code))) {
            return bytes.prepared(STATUS_LINES[code]);
        }
        return bytes.text("HTTP/1.1 ").number(code).text(" ").text(status.reason()).endOfLine();
    }

    private static void own(HeadBytes bytes, Headers headers) throws Failure {
        if (headers.isReusable()) {
            bytes.prepared(headers.made(LINES));
        } else {
            unprepared(bytes, headers);
        }
    }

    private static void unprepared(HeadBytes bytes, Headers headers) throws Failure {
        for (int i = 0; i < headers.size(); i++) {
            if (!OURS.contains(headers.name(i))) {
                bytes.field(headers, i);
            }
        }
    }

    private static byte[] lines(Headers headers) throws Failure {
        HeadBytes bytes = new HeadBytes();
        unprepared(bytes, headers);
        return bytes.lines();
    }

    private static GeneratedHeaders added(ResponseHead head, String server, DateField.Second date, Framing framing,
            boolean headOnly, boolean persistent, ClientOptions options) {
        Headers own = head.headers();
        boolean kept = persistent && !(framing instanceof Framing.UntilClose);
        boolean announcesLength = framing instanceof Framing.Length(long bytes) && (!headOnly || bytes > 0);
        boolean announcesChunks = framing instanceof Framing.Chunked && !headOnly;
        Framing announced = announcesLength || announcesChunks ? framing : Framing.NONE;
        String length = announced instanceof Framing.None && (headOnly || head.status().code() == 304)
                ? own.first("Content-Length").orElse("") : "";
        return new GeneratedHeaders(own.contains("Server") ? "" : server, own.contains("Date") ? DateField.Second.NONE : date,
                announced, length, kept, kept ? options.keepAlive().headerSeconds() : 0, own.contains("Upgrade"));
    }

    private static Framing framing(RequestHead request, ResponseHead head, OptionalLong length, ClientOptions options) {
        if (head.status().isBodiless()) {
            return Framing.NONE;
        }
        if (length.isPresent()) {
            return new Framing.Length(length.getAsLong());
        }
        return request.version() == Version.HTTP_1_1 && options.sending().chunked() ? Framing.CHUNKED : Framing.UNTIL_CLOSE;
    }
}
