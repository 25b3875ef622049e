/// # What happened, told cheaply
///
/// The access log, the error log and the clock they share, and histograms of what exchanges took. Nothing here knows a wire
/// format or a rule by which a request is answered, and nobody who logs ever waits for a disk.
///
/// Read [LogFile] first, the one place where lines meet a file; then [AccessLog] and [ErrorLog]. Of the
/// histograms, first [LatencyFile], which counts and writes, then [LatencySeries], which says what is counted.
@NullMarked
package io.selvage.server.observe;

import org.jspecify.annotations.NullMarked;
