package io.selvage.server.http2;

import io.selvage.server.http.Body;
import io.selvage.server.http.Failure;
import io.selvage.server.http.FieldNameSet;
import io.selvage.server.http.Headers;
import io.selvage.server.http.Method;
import io.selvage.server.http.RequestHead;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import io.selvage.server.http1.CharClasses;
import java.util.OptionalLong;

/// Completes the head of a response for HTTP/2 (RFC 9113 §8.2, §8.3.2): without the fields of a connection, with `Server`, a
/// date and the length of the body. What cannot be sent is never sent: the message is given up instead.
final class ResponseFields {
    /// One object, so that fields which last know it again.
    private static final Headers.Maker<Headers, Failure> SENDABLE = ResponseFields::check;
    private static final FieldNameSet NOT_SENT = FieldNameSet.of("connection", "content-length", "keep-alive",
            "proxy-connection", "transfer-encoding", "upgrade");
    private static final FieldNameSet OF_WEBSOCKET = FieldNameSet.of("connection", "content-length", "keep-alive",
            "proxy-connection", "transfer-encoding", "upgrade", "sec-websocket-accept");

    private ResponseFields() {
    }

    /// The head of a final response.
    ///
    /// @param server for an answer without one; empty for none
    /// @param date for an answer without one
    /// @throws Failure a bug, where something in it cannot be sent
    static Http2Stream.Head of(RequestHead request, ResponseHead head, Body body, String server, String date)
            throws Failure {
        Headers own = head.headers().made(SENDABLE);
        checkValue(server);
        boolean headOnly = request.method().equals(Method.HEAD);
        boolean bodiless = head.status().isBodiless();
        OptionalLong length = bodiless ? OptionalLong.empty() : body.length();
        String announced = length.isPresent() && (!headOnly || length.getAsLong() > 0) ? Long.toString(length.getAsLong())
                : headOnly && !bodiless || head.status().code() == Status.NOT_MODIFIED.code()
                        ? head.headers().first("Content-Length").orElse("") : "";
        boolean last = headOnly || bodiless || length.isPresent() && length.getAsLong() == 0;
        return new Http2Stream.Head(head.status().code(), own, missing(own, "Server", server), missing(own, "Date", date),
                announced, last);
    }

    /// The head of an interim response.
    static Http2Stream.Head interim(ResponseHead head) throws Failure {
        return new Http2Stream.Head(head.status().code(), check(head.headers()), "", "", "", false);
    }

    /// The head that accepts an extended CONNECT, of one that changes the protocol in HTTP/1 (RFC 8441 §5).
    static Http2Stream.Head tunnel(ResponseHead head, String server, String date) throws Failure {
        Headers own = check(head.headers().without(OF_WEBSOCKET::contains));
        checkValue(server);
        return new Http2Stream.Head(Status.OK.code(), own, missing(own, "Server", server), missing(own, "Date", date), "", false);
    }

    /// Trailers.
    static Http2Stream.Head trailers(Headers fields) throws Failure {
        return new Http2Stream.Head(0, check(fields), "", "", "", true);
    }

    /// The value of a field of ours; empty where the fields have one of that name.
    private static String missing(Headers own, String name, String value) {
        return own.contains(name) ? "" : value;
    }

    /// The fields without those that are not sent.
    private static Headers check(Headers headers) throws Failure {
        boolean all = true;
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            if (!CharClasses.isToken(name)) {
                throw Failure.here(Failure.What.BUG, "an invalid field name in a head that was to be sent");
            }
            checkValue(headers.value(i));
            all &= !NOT_SENT.contains(name);
        }
        return all ? headers : headers.without(NOT_SENT::contains);
    }

    private static void checkValue(String value) throws Failure {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c > 0xff || c == '\r' || c == '\n' || c == 0) {
                throw Failure.here(Failure.What.BUG, "a line break or NUL in a head that was to be sent");
            }
        }
    }
}
