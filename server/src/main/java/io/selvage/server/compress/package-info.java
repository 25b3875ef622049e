/// # Content codings
///
/// Compresses and decompresses bodies: gzip, Brotli and Zstandard (RFC 1952, RFC 7932, RFC 8878). Nothing here knows sites, or
/// how a body is sent.
///
/// Read [Coder], one stream of bytes being coded; [CoderSpec], which makes coders and knows their cost; [CodedBody], a body that
/// is coded as it is sent; [CodedFile], the compressed form of a file that the cache keeps. [AcceptEncoding] and [Eligibility]
/// decide whether a client gets it.
@NullMarked
package io.selvage.server.compress;

import org.jspecify.annotations.NullMarked;
