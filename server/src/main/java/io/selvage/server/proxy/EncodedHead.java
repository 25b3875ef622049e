package io.selvage.server.proxy;

import io.selvage.server.http.Method;
import java.nio.ByteBuffer;

/// The head of a request in the encoding of a protocol: the same for every peer, unless each attempt has its own
/// ([UpstreamProtocol#encodesEachAttempt]).
///
/// @param bytes in front of the body, from 0 to the limit; a call may move the position
/// @param method of the request to the peer; the framing of the response depends on it
/// @param upgrade the protocols to which the peer may change (101), as in the field `Upgrade`; empty for none
record EncodedHead(ByteBuffer bytes, Method method, String upgrade) {
}
