/// # The commands
///
/// `run`, `knee`, `race` and `report` as picocli commands. This package parses command lines and reports mistakes; the packages
/// below it do the work.
@NullMarked
package io.selvage.perf.cli;

import org.jspecify.annotations.NullMarked;
