/// # The program
///
/// Commands, flags, signals and exit codes. Nothing here knows the meaning of a configuration.
///
/// Read [SelvageCommand], then [RunningServer].
@NullMarked
package io.selvage.server.cli;

import org.jspecify.annotations.NullMarked;
