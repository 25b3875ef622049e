package io.selvage.server.proxy;

import io.selvage.server.http.BodySource;
import io.selvage.server.http.Failure;
import io.selvage.server.http.Headers;
import io.selvage.server.http.ResponseHead;
import io.selvage.server.net.Connection;
import java.nio.ByteBuffer;

/// One request to one peer and its response, over any protocol. An [UpstreamProtocol] opens it.
///
/// The order of calls is [#sendHead], [#sendBody] any number of times, [#endBody], [#awaitHead] until the head is final, perhaps
/// [#awaitBody], [#body], and [#release] or [#discard] once at the end.
///
/// An implementation
///
/// - **frames both directions.** Callers pass body bytes only. HTTP/1 adds chunks, FastCGI its records (`STDIN` out, `STDOUT` and
///   `STDERR` in), HTTP/2 its frames and flow control.
/// - **returns heads in HTTP's terms.** CGI's `Status` field becomes the status ([CgiHead]).
/// - **serves two threads.** One sends while the other receives, because a peer may respond before it has read the whole request.
///   [#abort] comes from any thread. The counters may be read by the receiving thread at any time.
/// - **owns its place on the connection.** With one call on each connection, [#release] gives the connection back or closes it.
///   A call that is one stream of a shared connection ends or resets its stream and leaves the others alone.
/// - **classifies its failures**: each [Failure] is of the upstream side and records whether anything was sent. `CLOSED` before
///   the first byte of a response makes the proxy retry on a new connection, so use `CLOSED` only if the connection ended.
interface UpstreamCall {
    /// For a head without body bytes.
    ByteBuffer NO_BYTES = ByteBuffer.allocate(0);

    /// Sends the head of the request together with the first bytes of its body, in one write where that is possible.
    ///
    /// @param body may be empty
    /// @throws Failure which records whether anything was sent
    void sendHead(ByteBuffer body) throws Failure;

    /// Sends all remaining bytes of the buffer as a part of the body. Waits while the peer takes nothing, up to the send timeout.
    void sendBody(ByteBuffer bytes) throws Failure;

    /// Marks the end of the request. Always called, also for a request without a body.
    void endBody() throws Failure;

    /// Sends a whole request: the head, and a body of which nothing else follows.
    default void sendWhole(ByteBuffer body) throws Failure {
        sendHead(body);
        endBody();
    }

    /// Sends the last bytes of the body, and marks the end of the request.
    default void sendLast(ByteBuffer bytes) throws Failure {
        sendBody(bytes);
        endBody();
    }

    /// Marks the end of the request, with a trailer section where the protocol has one (RFC 9110 §6.5).
    default void endBody(Headers trailers) throws Failure {
        endBody();
    }

    /// True if the peer responded before it has the whole request: the head of its final response was received, or it closed the
    /// connection. [#awaitHead] does not wait then. Called by the thread that will call [#awaitHead]; does not wait.
    boolean hasResponseNow();

    /// Waits for the next head, up to the read timeout: that of an interim response (1xx but 101), after which this is called
    /// again, or that of the final response. The number of interim responses is bounded.
    ResponseHead awaitHead() throws Failure;

    /// Waits for the first bytes of a body with a known length. Does nothing for any other body, whose first bytes may take long.
    void awaitBody() throws Failure;

    /// The body of the response, after [#awaitHead].
    BodySource body();

    /// True if the whole response was read. Does not wait.
    boolean isComplete();

    /// The connection after a response with status 101; the first read returns the bytes received after the head.
    Connection upgraded();

    /// Bytes sent, heads and framing included.
    long bytesSent();

    /// Bytes received, heads and framing included.
    long bytesReceived();

    /// Bytes of the response's body that were read, without framing.
    long bodyReceived();

    /// Ends every wait for the peer in this call. Any thread. [#discard] must still follow.
    void abort();

    /// Ends the call after its response: the connection is kept if both messages are complete, else closed.
    void release();

    /// Ends a failed call: its connection or stream is not used again.
    void discard();
}
