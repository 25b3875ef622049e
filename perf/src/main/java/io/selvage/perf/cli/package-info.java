/// # The commands
///
/// `run`, `knee`, `race` and `report` as picocli commands. What they do is done in the packages below; here is only what can be
/// written on a command line and how a mistake in it is told.
@NullMarked
package io.selvage.perf.cli;

import org.jspecify.annotations.NullMarked;
