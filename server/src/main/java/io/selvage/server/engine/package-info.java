/// # Virtual threads on our own event loops
///
/// Who runs a thread and who wakes it: readiness of channels, deadlines, hand-over between threads. Nothing here knows what the
/// bytes mean, or that there are any.
///
/// Read [Carrier], the loop; [Poller], how it learns what is ready, with [NioPoller] on a selector; [Readiness], how a thread
/// waits for a channel; [TimerWheel], its deadlines; [TaskInbox], the one race between threads. [Watchdog] and [Canary] look
/// whether all that holds, [BlockingExecutor] takes what may block, and [SelfTest] decides whether any of it is used.
/// [CarrierThreads] is the one place that leans on the inside of the JDK. The hazards, and what meets each, are in the module's
/// README.
@NullMarked
package io.selvage.server.engine;

import org.jspecify.annotations.NullMarked;
