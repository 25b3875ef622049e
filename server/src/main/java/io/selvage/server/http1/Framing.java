package io.selvage.server.http1;

import io.selvage.server.http.Headers;
import io.selvage.server.http.Method;
import io.selvage.server.http.Refusal;
import io.selvage.server.http.RequestHead;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Status;
import io.selvage.server.http.Version;
import io.selvage.server.http.Whitespace;
import java.util.List;

/// How the end of a body is known (RFC 9112 §6). Requests and answers are judged here and nowhere else, because two readers that
/// disagree about it are what request smuggling lives on.
public sealed interface Framing {
    Framing NONE = new None();
    Framing CHUNKED = new Chunked();
    Framing UNTIL_CLOSE = new UntilClose();

    /// There is no body.
    record None() implements Framing {
    }

    /// @param bytes 0 or more
    record Length(long bytes) implements Framing {
    }

    /// `Transfer-Encoding: chunked`.
    record Chunked() implements Framing {
    }

    /// The end of the connection ends the body; answers only.
    record UntilClose() implements Framing {
    }

    /// The fields contradict each other, or announce a framing that is not supported.
    record Refused(Refusal why) implements Framing {
    }

    /// The framing of a request's body.
    static Framing ofRequest(RequestHead head) {
        return of(head.version(), head.headers(), NONE);
    }

    /// The framing of an answer's body.
    ///
    /// @param method of the request
    /// @param version the peer's
    static Framing ofResponse(Method method, Version version, ResponseHead head) {
        Framing framing = of(version, head.headers(), UNTIL_CLOSE);
        boolean bodiless = method.equals(Method.HEAD) || head.status().isBodiless();
        return bodiless && !(framing instanceof Refused) ? NONE : framing;
    }

    private static Framing of(Version version, Headers headers, Framing unannounced) {
        int length = headers.indexOf("Content-Length", 0);
        if (!headers.contains("Transfer-Encoding")) {
            return length < 0 ? unannounced : length(headers, length);
        }
        if (version == Version.HTTP_1_0) {
            return refused(Status.BAD_REQUEST, "Transfer-Encoding in HTTP/1.0");
        }
        if (length >= 0) {
            return refused(Status.BAD_REQUEST, "both Transfer-Encoding and Content-Length");
        }
        List<String> codings = headers.all("Transfer-Encoding");
        return codings.size() == 1 && codings.getFirst().equalsIgnoreCase("chunked")
                ? CHUNKED : unreadable(String.join(",", codings));
    }

    /// A coding that is well-formed but unknown is 501 (RFC 9112 §6.1); a list that cannot be framed at all is 400.
    private static Framing unreadable(String codings) {
        String[] members = codings.split(",", -1);
        for (int i = 0; i < members.length; i++) {
            String coding = Whitespace.trim(members[i]);
            if (!CharClasses.isToken(coding) || coding.equalsIgnoreCase("chunked") && i < members.length - 1) {
                return refused(Status.BAD_REQUEST, "an invalid Transfer-Encoding");
            }
        }
        return refused(Status.NOT_IMPLEMENTED, "an unknown Transfer-Encoding");
    }

    /// @param at the index of the first `Content-Length`
    private static Framing length(Headers headers, int at) {
        if (headers.indexOf("Content-Length", at + 1) >= 0) {
            return refused(Status.BAD_REQUEST, "more than one Content-Length");
        }
        long length = headers.decimal(at);
        return length < 0 ? refused(Status.BAD_REQUEST, "an invalid Content-Length") : new Length(length);
    }

    private static Refused refused(Status status, String reason) {
        return new Refused(new Refusal(status, reason));
    }
}
