package io.selvage.server.http1;

import io.selvage.server.http.ResponseHead;
import io.selvage.server.http.Version;

/// The head of a peer's answer, with the version that decides whether its connection stays open.
record PeerHead(Version version, ResponseHead head) {
}
