/// # Measuring
///
/// The lab sees a server as a process and a port, and shares no code with it.
@NullMarked
package io.selvage.perf;

import org.jspecify.annotations.NullMarked;
