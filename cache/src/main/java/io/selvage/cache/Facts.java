package io.selvage.cache;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// What is known of a regular file without reading it, with the two header values that are made from it.
///
/// @param stat         as the file system told it
/// @param etag         `"mtime-size"`, both in lower-case hex and the time in whole seconds, quotes included: what nginx sends
/// @param lastModified the modification time as an IMF-fixdate (RFC 9110 §5.6.7)
public record Facts(Stat stat, String etag, String lastModified) {
    private static final DateTimeFormatter IMF_FIXDATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT).withZone(ZoneOffset.UTC);

    static Facts of(Stat stat) {
        long seconds = seconds(stat);
        String etag = '"' + Long.toHexString(seconds) + '-' + Long.toHexString(stat.size()) + '"';
        return new Facts(stat, etag, IMF_FIXDATE.format(Instant.ofEpochSecond(seconds)));
    }

    /// Length of the file in bytes.
    public long size() {
        return stat.size();
    }

    /// Modification time in whole seconds since 1970, rounded down: the precision of a header.
    public long modifiedSeconds() {
        return seconds(stat);
    }

    private static long seconds(Stat stat) {
        return stat.modified().to(TimeUnit.SECONDS);
    }
}
