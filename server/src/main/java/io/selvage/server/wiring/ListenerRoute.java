package io.selvage.server.wiring;

import io.selvage.server.http.EntryPoint;
import io.selvage.server.net.ListenOptions;

/// What answers at one address.
///
/// @param entry where its requests begin
/// @param listen how its socket is set up
record ListenerRoute(EntryPoint entry, ListenOptions listen) {
}
