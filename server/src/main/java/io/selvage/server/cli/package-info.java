/// # The program
///
/// Commands, flags, signals and exit codes. What a configuration means is not known here.
///
/// Read [SelvageCommand], then [RunningServer].
@NullMarked
package io.selvage.server.cli;

import org.jspecify.annotations.NullMarked;
