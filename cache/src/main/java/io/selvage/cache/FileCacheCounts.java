package io.selvage.cache;

/// A picture of a [FileCache]: two levels and five counts since it was made.
///
/// @param entries names remembered now
/// @param bytes   what they are charged, of the room that [FileCacheSettings#maxBytes] gives
/// @param hits    looks that found the name remembered, fresh or not
/// @param misses  looks that did not
/// @param asked   times the file system was asked about a name
/// @param read    times a file was read into memory
/// @param evicted names given up for want of room or because nobody asked for them
public record FileCacheCounts(long entries, long bytes, long hits, long misses, long asked, long read, long evicted) {}
