/// # The program in one jar
///
/// Combines the command line, the demo and the measuring commands. It depends on the other modules and handles no requests.
@NullMarked
package io.selvage.deploy;

import org.jspecify.annotations.NullMarked;
