package io.selvage.server.wiring;

import io.selvage.server.http.EntryPoint;
import io.selvage.server.net.ListenOptions;

/// The configuration of one listening address.
///
/// @param entry the entry point of its requests
/// @param proxyProtocol whether its connections begin with a header of the PROXY protocol
/// @param listen the options of its socket
record ListenerRoute(EntryPoint entry, boolean proxyProtocol, ListenOptions listen) {
}
