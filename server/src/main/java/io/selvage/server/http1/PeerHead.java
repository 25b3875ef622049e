package io.selvage.server.http1;

import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Version;

/// The head of a peer's response, with the version, on which the reuse of the connection depends.
record PeerHead(Version version, ResponseHead head) {
}
