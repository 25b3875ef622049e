/// # Remembering files
///
/// Bounded by bytes, off the heap, ready to send. Nothing here knows HTTP, opens a socket or reads a clock of its own.
///
/// Read [FileName], then [Stat], [FileMetadata] and [FileLookup]; [FileCache] puts them in motion under [FileCacheSettings].
@NullMarked
package io.selvage.cache;

import org.jspecify.annotations.NullMarked;
