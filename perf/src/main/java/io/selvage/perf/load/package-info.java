/// # Driving a server
///
/// Decides when each request leaves, sends it, reads the answer and measures the time. Nothing here knows scenarios, reports or
/// command lines.
///
/// Read [Schedule] and [Load], then [Generator], [EventLoop] and [LoadConnection]; [KneeSearch] finds the highest rate.
@NullMarked
package io.selvage.perf.load;

import org.jspecify.annotations.NullMarked;
