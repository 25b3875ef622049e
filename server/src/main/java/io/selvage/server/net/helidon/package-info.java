/// # Helidon's part: accepting connections
///
/// The only package of `server` that uses Helidon. `Listener` is all that others see of it; no type of Helidon leaves it.
///
/// Read `Listener`, then `HelidonServer`, which explains every use of reflection.
@NullMarked
package io.selvage.server.net.helidon;

import org.jspecify.annotations.NullMarked;
