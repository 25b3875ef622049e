package io.selvage.server.proxy;

import io.selvage.server.http.Method;
import java.nio.ByteBuffer;

/// A request in the words of a protocol, the same for whichever peer gets it.
///
/// @param head the bytes in front of the body; not changed, senders work on a duplicate
/// @param method what is asked, on which the answer's framing depends
/// @param asksUpgrade whether a change of protocol would be a good answer
record UpstreamRequest(ByteBuffer head, Method method, boolean asksUpgrade) {
}
