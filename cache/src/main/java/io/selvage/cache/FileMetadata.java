package io.selvage.cache;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The attributes of a regular file, with the two header values made from them.
///
/// An instance lives as long as the file is remembered unchanged, and so do its attachment and variants.
public final class FileMetadata {
    private static final DateTimeFormatter IMF_FIXDATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Stat stat;
    private final String etag;
    private final String lastModified;
    private final FileVariants variants;
    private volatile @Nullable Object attachment;          // written by any thread; the last write wins

    private FileMetadata(Stat stat, String etag, String lastModified, FileVariants variants) {
        this.stat = stat;
        this.etag = etag;
        this.lastModified = lastModified;
        this.variants = variants;
    }

    static FileMetadata of(Stat stat, FileVariants variants) {
        long seconds = seconds(stat);
        String etag = '"' + Long.toHexString(seconds) + '-' + Long.toHexString(stat.size()) + '"';
        return new FileMetadata(stat, etag, IMF_FIXDATE.format(Instant.ofEpochSecond(seconds)), variants);
    }

    /// The attributes as the file system reported them.
    Stat stat() {
        return stat;
    }

    /// `"mtime-size"`, both in lower-case hex and the time in whole seconds, quotes included: what nginx sends.
    public String etag() {
        return etag;
    }

    /// The modification time as an IMF-fixdate (RFC 9110 §5.6.7).
    public String lastModified() {
        return lastModified;
    }

    /// Length of the file in bytes.
    public long size() {
        return stat.size();
    }

    /// Forms of the file that are kept with it.
    public FileVariants variants() {
        return variants;
    }

    /// The latest attachment: an object made from this metadata and from nothing that changes, such as a head ready to send.
    public Optional<Object> attachment() {
        return Optional.ofNullable(attachment);
    }

    /// Replaces the attachment. It must be safe for any thread, and small: its bytes are not charged to the cache.
    public void attach(Object made) {
        attachment = made;
    }

    private static long seconds(Stat stat) {
        return stat.modified().to(TimeUnit.SECONDS);
    }
}
