/// # Logs, and what is counted of exchanges
///
/// The access log, the error log and their clock, and counts and latency histograms of exchanges. Nothing here knows a wire
/// format or decides how a request is answered, and no thread that logs waits for a disk.
///
/// Read [LogFile], the only class that writes lines to a file; then [AccessLog] and [ErrorLog]. For the histograms, read
/// [LatencySeries], which defines what is counted, and [Stripes], in which every carrier counts; then [LatencyFile], which
/// writes, and [Traffic], which keeps the last fifteen minutes for metrics and for the admin API.
@NullMarked
package io.selvage.server.observe;

import org.jspecify.annotations.NullMarked;
