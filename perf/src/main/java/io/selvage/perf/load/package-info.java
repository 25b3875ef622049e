/// # Driving a server
///
/// Decides when each request leaves, sends it, follows the answer and keeps the time. It does not know what a scenario, a
/// report or a command line is.
///
/// Read [Schedule] and [Load], then [Generator], [EventLoop] and [LoadConnection]; [KneeSearch] looks for the highest rate.
@NullMarked
package io.selvage.perf.load;

import org.jspecify.annotations.NullMarked;
