/// # Helidon's part: accepting connections
///
/// `Listener` accepts the connections of clients, which this server reads itself. `WebListener` accepts those of the admin API,
/// which Helidon reads; the package `admin` uses Helidon's requests, responses and routing. No other package uses Helidon.
///
/// Read `Listener`, then `HelidonServer`, which explains every use of reflection.
@NullMarked
package io.selvage.server.net.helidon;

import org.jspecify.annotations.NullMarked;
