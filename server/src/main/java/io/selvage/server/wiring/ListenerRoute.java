package io.selvage.server.wiring;

import io.selvage.server.config.Listen;
import io.selvage.server.http.ClientOptions;
import io.selvage.server.http.Handler;

/// What answers at one address.
///
/// @param handler chooses the site
/// @param listen how its socket is set up
/// @param rules for a connection until its site is known
record ListenerRoute(Handler handler, ClientOptions rules, Listen.Options listen) {
}
