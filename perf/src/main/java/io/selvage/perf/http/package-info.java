/// # Requests and answers
///
/// Encodes requests and parses answers. Nothing here opens a socket or reads a clock, and no code is shared with the server.
///
/// Read [Request], [Destination] and [ResponseParser].
@NullMarked
package io.selvage.perf.http;

import org.jspecify.annotations.NullMarked;
