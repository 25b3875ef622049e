package io.selvage.server.http2;

import io.selvage.server.http.Headers;
import io.selvage.server.http.Method;
import io.selvage.server.http.ResponseHead;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/// What has come of a response: which frames may follow which (RFC 9113 §8.1), and what was not read yet. Waits for nothing.
/// Guarded by the lock of the session.
final class ReceivedResponse {
    /// The bytes of a body that the peer may send before they are read.
    static final int WINDOW = 128 * 1024;

    private static final int MOST_INTERIM = 64;

    private final Method method;
    private final ArrayDeque<ResponseHead> heads = new ArrayDeque<>(1);
    private final ReceiveBuffer unread = new ReceiveBuffer();
    private final FlowWindow window = new FlowWindow(0, WINDOW);
    private int interims;
    private boolean finalHead;
    private long contentLength = -1;
    private DeclaredLength declared = new DeclaredLength(0, -1);
    private Headers trailers = Headers.EMPTY;
    private boolean ended;
    private int unannounced;                               // bytes that were read, of which the peer does not know
    private long bodyRead;

    /// @param method of the request; the response to HEAD has no body
    ReceivedResponse(Method method) {
        this.method = method;
    }

    /// True if all of it has come.
    boolean hasEnded() {
        return ended;
    }

    boolean hasFinalHead() {
        return finalHead;
    }

    boolean hasHead() {
        return !heads.isEmpty();
    }

    ResponseHead takeHead() {
        return heads.removeFirst();
    }

    /// True if there are bytes of the body that were not read.
    boolean hasUnread() {
        return unread.size() > 0;
    }

    /// Moves what fits of the body.
    ///
    /// @return how many bytes that were
    int take(ByteBuffer into) {
        int count = unread.take(into);
        bodyRead += count;
        unannounced += count;
        return count;
    }

    /// Makes room again for what was read, once that is half of the window.
    ///
    /// @return how many bytes the peer is to hear of now
    int announce() {
        if (unannounced < WINDOW / 2 || ended) {
            return 0;
        }
        int more = unannounced;
        unannounced = 0;
        window.sent(-more);
        return more;
    }

    /// Forgets what was not read.
    void clear() {
        unread.clear();
    }

    /// Bytes of the body that were read.
    long bodyRead() {
        return bodyRead;
    }

    /// The announced length of the body, -1 for none.
    long contentLength() {
        return contentLength;
    }

    Headers trailers() {
        return trailers;
    }

    void head(int stream, AssembledResponse response, boolean endStream) throws Http2Error {
        if (ended) {
            throw error(stream, "a head behind the end of a response");
        }
        switch (response) {
            case AssembledResponse.Malformed(String reason) -> throw error(stream, reason);
            case AssembledResponse.Valid(ResponseHead head, long length) -> {
                if (head.status().isInterim()) {
                    interim(stream, endStream);
                } else {
                    begin(stream, head, length, endStream);
                }
                heads.add(head);
            }
        }
    }

    private void interim(int stream, boolean endStream) throws Http2Error {
        interims++;
        if (endStream || interims > MOST_INTERIM) {
            throw error(stream, endStream ? "an interim response at the end"
                    : "more than " + MOST_INTERIM + " interim responses");
        }
    }

    private void begin(int stream, ResponseHead head, long length, boolean endStream) throws Http2Error {
        finalHead = true;
        boolean bodiless = method.equals(Method.HEAD) || head.status().isBodiless();
        contentLength = bodiless || endStream ? 0 : length;
        declared = new DeclaredLength(stream, bodiless ? 0 : length);
        if (endStream) {
            declared.received(0, true);
            ended = true;
        }
    }

    void data(int stream, ByteBuffer bytes, int flowControlled, boolean endStream) throws Http2Error {
        if (ended || !finalHead) {
            throw error(stream, ended ? "DATA behind the end of a response" : "DATA before a head");
        }
        if (flowControlled > window.size()) {
            throw Http2Error.ofStream(ErrorCode.FLOW_CONTROL_ERROR, stream, "more DATA than the window allows");
        }
        window.received(flowControlled);
        unannounced += flowControlled - bytes.remaining();
        declared.received(bytes.remaining(), endStream);
        unread.put(bytes);
        ended = endStream;
    }

    void trailers(int stream, Headers fields, boolean endStream) throws Http2Error {
        if (ended || !endStream) {
            throw error(stream, ended ? "a head behind the end of a response" : "a trailer section that is not the end");
        }
        declared.received(0, true);
        trailers = fields;
        ended = true;
    }

    private static Http2Error error(int stream, String detail) {
        return Http2Error.ofStream(ErrorCode.PROTOCOL_ERROR, stream, detail);
    }
}
