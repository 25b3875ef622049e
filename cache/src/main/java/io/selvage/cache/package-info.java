/// # Remembering files
///
/// Bounded by bytes, off the heap, ready to send. Nothing here knows HTTP or opens a socket.
@NullMarked
package io.selvage.cache;

import org.jspecify.annotations.NullMarked;
