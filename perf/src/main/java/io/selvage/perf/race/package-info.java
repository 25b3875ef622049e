/// # Servers against each other
///
/// A scenario names work and targets; the race starts each target itself on loopback, drives them in turns and says which
/// difference is one. It sees a target as a process and a port.
///
/// Read [Scenario] and [Race], then [RaceTarget], [ProcessTree] and [Bootstrap].
@NullMarked
package io.selvage.perf.race;

import org.jspecify.annotations.NullMarked;
