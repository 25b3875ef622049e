/// # The program in one jar
///
/// Puts the command line, the demo and the measuring commands together. Knows every other folder; decides nothing about requests.
@NullMarked
package io.selvage.deploy;

import org.jspecify.annotations.NullMarked;
