package io.selvage.cache;

import java.time.Duration;

/// The limits of a [FileCache]. The directives are those of nginx's `open_file_cache` family.
///
/// @param maxBytes    total size, names and overhead included; 0 remembers nothing (`open_file_cache off`)
/// @param maxEntries  maximum number of names, at least 1 (`max=`); each is charged at least its share of `maxBytes`
/// @param maxFileSize length in bytes of the longest file kept in memory; longer ones are sent from disk
/// @param inactive    a name that is not requested for this long is forgotten (`inactive=`)
/// @param valid       maximum age of an entry before a lookup queries the file system again (`open_file_cache_valid`)
/// @param minUses     number of lookups after which a file is read into memory (`open_file_cache_min_uses`)
/// @param errors      true if missing and forbidden names are remembered, for at most one second (`open_file_cache_errors`)
public record FileCacheSettings(
        long maxBytes, long maxEntries, int maxFileSize, Duration inactive, Duration valid, int minUses, boolean errors) {

    public FileCacheSettings {
        check(maxBytes >= 0, "maxBytes", maxBytes);
        check(maxEntries >= 1, "maxEntries", maxEntries);
        check(maxFileSize >= 0 && maxFileSize <= 1 << 30, "maxFileSize", maxFileSize);
        check(inactive.isPositive(), "inactive", inactive);
        check(valid.isPositive(), "valid", valid);
        check(minUses >= 1, "minUses", minUses);
    }

    /// 64 MiB, files up to 1 MiB, checked every second.
    public static FileCacheSettings standard() {
        return new FileCacheSettings(64 << 20, 1 << 20, 1 << 20, Duration.ofSeconds(60), Duration.ofSeconds(1), 1, true);
    }

    /// Nothing is remembered: every lookup queries the file system, and every file is sent from disk.
    public static FileCacheSettings off() {
        return standard().withMaxBytes(0);
    }

    /// A copy with a total size of `bytes`.
    public FileCacheSettings withMaxBytes(long bytes) {
        return new FileCacheSettings(bytes, maxEntries, maxFileSize, inactive, valid, minUses, errors);
    }

    /// A copy for at most `entries` names, each forgotten when it is not requested for `inactive`.
    public FileCacheSettings withMaxEntries(long entries, Duration inactive) {
        return new FileCacheSettings(maxBytes, entries, maxFileSize, inactive, valid, minUses, errors);
    }

    /// A copy that keeps files up to `bytes` long in memory.
    public FileCacheSettings withMaxFileSize(int bytes) {
        return new FileCacheSettings(maxBytes, maxEntries, bytes, inactive, valid, minUses, errors);
    }

    /// A copy that checks an entry again after `valid`.
    public FileCacheSettings withValid(Duration valid) {
        return new FileCacheSettings(maxBytes, maxEntries, maxFileSize, inactive, valid, minUses, errors);
    }

    /// A copy that reads a file into memory at lookup number `uses`.
    public FileCacheSettings withMinUses(int uses) {
        return new FileCacheSettings(maxBytes, maxEntries, maxFileSize, inactive, valid, uses, errors);
    }

    /// A copy that remembers missing and forbidden names, or does not.
    public FileCacheSettings withErrors(boolean errors) {
        return new FileCacheSettings(maxBytes, maxEntries, maxFileSize, inactive, valid, minUses, errors);
    }

    private static void check(boolean good, String name, Object value) {
        if (!good) {
            throw new IllegalArgumentException(name + " cannot be " + value);
        }
    }
}
