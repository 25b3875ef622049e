package io.selvage.cache;

/// A snapshot of a [FileCache]: two levels, and five counters since it was created.
///
/// @param entries names remembered now
/// @param bytes   what they are charged, of [FileCacheSettings#maxBytes]
/// @param hits    lookups of a remembered name, fresh or not
/// @param misses  lookups of other names
/// @param asked   queries of file attributes
/// @param read    files read into memory
/// @param evicted names removed for lack of room or of use
public record FileCacheCounts(long entries, long bytes, long hits, long misses, long asked, long read, long evicted) {}
