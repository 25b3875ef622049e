/// # Remembering files
///
/// A cache of files, bounded by bytes, off-heap and ready to send. Nothing here knows HTTP, opens a socket or reads the system
/// clocks directly.
///
/// Read [FileName], then [Stat], [FileMetadata] and [FileLookup]; [FileCache] uses them, with the limits in [FileCacheSettings].
@NullMarked
package io.selvage.cache;

import org.jspecify.annotations.NullMarked;
