package io.selvage.server.http2;

import java.nio.ByteBuffer;

/// What a [FrameReader] calls, in the order of the frames. What can be judged from a frame alone has been judged: lengths,
/// padding, which frames belong to the connection and which to a stream, the values of settings. What depends on the state of a
/// stream has not. Buffers are valid during the call.
///
/// Every method may throw an [Http2Error] of the connection, which ends the reading. Errors of a stream are for the handler to
/// answer; the reader reports those that it finds by [#streamError].
public interface FrameHandler {

    /// The header of any frame has been read, one of an unknown type included. Comes before everything else about the frame.
    /// For bounds on the number of frames.
    ///
    /// @param type as in [FrameType]
    /// @param length of the payload in bytes
    default void frame(int type, int flags, int stream, int length) throws Http2Error {
    }

    /// A part of a DATA frame: parts come as the bytes come.
    ///
    /// @param data to be consumed during the call; may be empty
    /// @param flowControlled the bytes that count for flow control: those of `data`, and padding; 0 only for an empty frame
    /// @param endStream true with the last part of the last frame of the stream
    void data(int stream, ByteBuffer data, int flowControlled, boolean endStream) throws Http2Error;

    /// A complete header block: a HEADERS frame with its CONTINUATION frames. It must be decoded in every case, so that the
    /// state of HPACK stays that of the peer.
    ///
    /// @param dependsOnItself true if the priority in the frame is invalid: an error of the stream (RFC 7540 §5.3.1)
    void headers(int stream, ByteBuffer block, boolean endStream, boolean dependsOnItself) throws Http2Error;

    /// The peer resets a stream.
    void reset(int stream, ErrorCode code) throws Http2Error;

    /// One setting of a SETTINGS frame, with an allowed value. Unknown ones are not reported.
    ///
    /// @param id one of [PeerSettings]
    void setting(int id, long value) throws Http2Error;

    /// All settings of a frame were reported; an acknowledgement is due.
    void settingsEnd() throws Http2Error;

    /// The peer acknowledges our settings.
    void settingsAcknowledged() throws Http2Error;

    /// The peer asks for an echo, or sends one.
    void ping(long data, boolean acknowledges) throws Http2Error;

    /// The peer ends the connection.
    ///
    /// @param lastStream the last stream of ours that it may have processed
    /// @param debug what it says about the reason, printable ASCII of at most 128 characters
    void goAway(int lastStream, ErrorCode code, String debug) throws Http2Error;

    /// The peer can receive more.
    ///
    /// @param stream 0 for the connection
    /// @param increment 1 to 2^31 - 1
    void windowUpdate(int stream, int increment) throws Http2Error;

    /// A PRIORITY_UPDATE (RFC 9218 §7.1).
    ///
    /// @param value as of the field `Priority`
    default void priorityUpdate(int stream, String value) throws Http2Error {
    }

    /// A frame of a stream is wrong, and only that stream is affected. The frame is not reported otherwise.
    void streamError(Http2Error error) throws Http2Error;
}
