/// # Reports
///
/// A [Report] becomes a table, JSON, or a page; histograms become the files that HdrHistogram's own tools read. Nothing here
/// sends a request.
///
/// Read [Report], [Series] and [LatencyLogFile], then [Page].
@NullMarked
package io.selvage.perf.report;

import org.jspecify.annotations.NullMarked;
