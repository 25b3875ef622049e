/// # Changed bodies
///
/// Response filters that change a body. [CharsetFilter] and [SubFilter] replace bytes by a [BodyTransform], which has no I/O,
/// inside a [TransformedBody], which reads the original body and holds at most two buffers of it. [AdditionFilter] puts other
/// answers around a body, [AddedTrailers] puts fields behind it.
@NullMarked
package io.selvage.server.transform;

import org.jspecify.annotations.NullMarked;
