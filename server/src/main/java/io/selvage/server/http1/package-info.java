/// # The HTTP/1 wire, in both directions
///
/// Bytes become messages and messages become bytes (RFC 9112). Nothing here opens a socket or depends on sites.
///
/// Read [Framing] first, then [HeadParser], [ChunkReader] and [FramedBody], which have no I/O or hardly any; [ServeLoop] serves a
/// client with them, [Http1Call] asks a peer.
@NullMarked
package io.selvage.server.http1;

import org.jspecify.annotations.NullMarked;
