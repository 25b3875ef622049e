/// # From a configuration to a running server
///
/// Assigns handlers to addresses, replaces the configuration at a reload, and keeps the state that outlives a configuration.
///
/// Read `Server`, then `Wiring`. [Server#explain] and [Explainer] say what a configuration does with a request.
@NullMarked
package io.selvage.server.wiring;

import org.jspecify.annotations.NullMarked;
