/// # The HTTP/2 wire, in both directions
///
/// Bytes become frames, frames become messages, and back (RFC 9113, RFC 7541). [Http2Connection] serves a client, [PeerSession]
/// shares a connection to a peer among requests. They are built on these classes, which have no threads and no sockets:
///
/// * [FrameReader] cuts bytes into frames and checks each (RFC 9113 §6); it calls a [FrameHandler]. [FrameWriter] makes frames.
/// * [HpackDecoder] turns a header block into fields for a [FieldSink]; [HpackEncoder] turns fields into a header block.
/// * [RequestAssembler], [ResponseAssembler] and [TrailerAssembler] are the sinks that check fields (RFC 9113 §8) and make the
///   values of package `http` of them; [DeclaredLength] compares Content-Length with DATA.
/// * [PeerSettings] are the settings of the other side, [FlowWindow] is one flow-control window.
///
/// What the other side does wrong is an [Http2Error] with an [ErrorCode]: of the connection, or of one stream.
@NullMarked
package io.selvage.server.http2;

import org.jspecify.annotations.NullMarked;
