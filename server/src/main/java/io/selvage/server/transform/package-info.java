/// # Changed bodies
///
/// Response filters that change the bytes of a body: another character set, other text. Each is a [BodyTransform], which has no
/// I/O, inside a [TransformedBody], which reads the original body and holds at most two buffers of it.
@NullMarked
package io.selvage.server.transform;

import org.jspecify.annotations.NullMarked;
