/// # Comparing servers
///
/// A scenario names work and targets. The race starts each target on the loopback, drives them in turns and says which
/// differences are significant. It sees a target as a process and a port.
///
/// Read [Scenario] and [Race], then [RaceTarget], [ProcessTree] and [Bootstrap].
@NullMarked
package io.selvage.perf.race;

import org.jspecify.annotations.NullMarked;
