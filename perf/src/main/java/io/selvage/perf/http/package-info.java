/// # The requests that are sent and the answers that come back
///
/// Bytes only: nothing here opens a socket or reads a clock, and nothing is shared with the server under test.
///
/// Read [Request], [Destination] and [ResponseParser].
@NullMarked
package io.selvage.perf.http;

import org.jspecify.annotations.NullMarked;
