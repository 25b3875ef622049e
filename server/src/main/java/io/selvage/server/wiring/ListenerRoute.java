package io.selvage.server.wiring;

import io.selvage.server.http.EntryPoint;
import io.selvage.server.net.ListenOptions;

/// The configuration of one listening address.
///
/// @param entry the entry point of its requests
/// @param listen the options of its socket
record ListenerRoute(EntryPoint entry, ListenOptions listen) {
}
