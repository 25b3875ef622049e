/// # Virtual threads on our own event loops
///
/// Who runs a thread and who wakes it: readiness of channels, deadlines, hand-over between threads. Nothing here knows what the
/// bytes mean, or that there are any.
///
/// Read [Carrier], then [Readiness]; [CarrierThreads] is the one place that leans on the inside of the JDK.
@NullMarked
package io.selvage.server.engine;

import org.jspecify.annotations.NullMarked;
