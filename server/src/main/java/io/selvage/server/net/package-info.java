/// # Connections that look blocking
///
/// Bytes in and out with a bound on every wait, over TCP and unix sockets, and the sockets that listen.
/// Nothing here depends on HTTP.
///
/// Read [Connection] first. Everything above sees only that, so what schedules the threads below can change.
@NullMarked
package io.selvage.server.net;

import org.jspecify.annotations.NullMarked;
