package io.selvage.cache;

import java.time.Duration;

/// How much is remembered, and for how long. The directives are nginx's `open_file_cache` family.
///
/// @param maxBytes    room for everything, names and overhead included; 0 remembers nothing at all (`open_file_cache off`)
/// @param maxEntries  the most names remembered at once, at least 1 (`max=`); each is charged at least its share of `maxBytes`
/// @param maxFileSize longest file whose bytes are kept in memory; longer ones are sent from disk
/// @param inactive    a name not asked for this long is forgotten (`inactive=`)
/// @param valid       how old an answer may be before the file system is asked again (`open_file_cache_valid`)
/// @param minUses     how often a name is asked for before its bytes are read into memory (`open_file_cache_min_uses`)
/// @param errors      whether a no (missing, forbidden) is remembered, for one second at the most (`open_file_cache_errors`)
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

    /// 64 MiB, files up to 1 MiB, asked again each second.
    public static FileCacheSettings standard() {
        return new FileCacheSettings(64 << 20, 1 << 20, 1 << 20, Duration.ofSeconds(60), Duration.ofSeconds(1), 1, true);
    }

    /// Nothing is remembered: every look asks the file system, and every file is sent from disk.
    public static FileCacheSettings off() {
        return standard().withMaxBytes(0);
    }

    /// The same with room for `bytes`.
    public FileCacheSettings withMaxBytes(long bytes) {
        return new FileCacheSettings(bytes, maxEntries, maxFileSize, inactive, valid, minUses, errors);
    }

    /// The same for at most `entries` names, each forgotten when not asked for during `inactive`.
    public FileCacheSettings withMaxEntries(long entries, Duration inactive) {
        return new FileCacheSettings(maxBytes, entries, maxFileSize, inactive, valid, minUses, errors);
    }

    /// The same, keeping files up to `bytes` long in memory.
    public FileCacheSettings withMaxFileSize(int bytes) {
        return new FileCacheSettings(maxBytes, maxEntries, bytes, inactive, valid, minUses, errors);
    }

    /// The same with answers trusted for `valid`.
    public FileCacheSettings withValid(Duration valid) {
        return new FileCacheSettings(maxBytes, maxEntries, maxFileSize, inactive, valid, minUses, errors);
    }

    /// The same, reading bytes into memory at the `uses`th look.
    public FileCacheSettings withMinUses(int uses) {
        return new FileCacheSettings(maxBytes, maxEntries, maxFileSize, inactive, valid, uses, errors);
    }

    /// The same, remembering a no or not.
    public FileCacheSettings withErrors(boolean errors) {
        return new FileCacheSettings(maxBytes, maxEntries, maxFileSize, inactive, valid, minUses, errors);
    }

    private static void check(boolean good, String name, Object value) {
        if (!good) {
            throw new IllegalArgumentException(name + " cannot be " + value);
        }
    }
}
