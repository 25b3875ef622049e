/// # From a configuration to a running server
///
/// Constructors and no logic: which handler stands behind which address, what is swapped at a reload and what outlives it.
///
/// Read `Server`, then `Wiring`.
@NullMarked
package io.selvage.server.wiring;

import org.jspecify.annotations.NullMarked;
