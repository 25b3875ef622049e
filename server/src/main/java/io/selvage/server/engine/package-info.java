/// # Virtual threads on our own event loops
///
/// How threads are run and woken: readiness of channels, deadlines, hand-over between threads. Nothing here knows what the
/// bytes mean, or that there are any.
///
/// Read [Carrier], the loop; [Poller], which reports ready channels, with [NioPoller] on a selector; [Readiness], how a thread
/// waits for a channel; [TimerWheel], its deadlines; [TaskInbox], the one race between threads. [Watchdog] and [Canary]
/// supervise the carriers, [BlockingExecutor] runs what may block, and [SelfTest] decides whether carriers are used.
/// [CarrierThreads] is the only class here that uses internals of the JDK. server/engine.md describes the hazards.
@NullMarked
package io.selvage.server.engine;

import org.jspecify.annotations.NullMarked;
