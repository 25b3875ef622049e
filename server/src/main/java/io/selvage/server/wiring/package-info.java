/// # From a configuration to a running server
///
/// Assigns handlers to addresses, replaces the configuration at a reload, and keeps the state that outlives a configuration.
///
/// Read `Server`, then `Wiring`.
@NullMarked
package io.selvage.server.wiring;

import org.jspecify.annotations.NullMarked;
