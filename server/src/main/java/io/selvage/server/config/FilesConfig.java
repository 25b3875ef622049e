package io.selvage.server.config;

import java.time.Duration;
import java.util.List;

/// Where files are and how they are sent.
///
/// @param maxRanges as many ranges as one request may ask for; 0 for no ranges at all
public record FilesConfig(
        @Setting(value = "root html", or = "alias") DocumentRoot root,
        @Setting("index index.html") List<Template> index,
        @Setting("types") MediaTypes types,
        @Setting("default_type text/plain") String defaultType,
        @Setting("sendfile off") boolean sendfile,
        @Setting("open_file_cache off") OpenFileCache openFileCache,
        @Setting("open_file_cache_valid 60s") Duration openFileCacheValid,
        @Setting("open_file_cache_min_uses 1") int openFileCacheMinUses,
        @Setting("open_file_cache_errors off") boolean openFileCacheErrors,
        @Setting("etag on") boolean etag,
        @Setting("if_modified_since exact") IfModifiedSince ifModifiedSince,
        @Setting("max_ranges 2147483647") int maxRanges) {
    /// Whether `If-Modified-Since` must name the very time, a time not before it, or is not looked at.
    public enum IfModifiedSince { OFF, EXACT, BEFORE }

    public FilesConfig {
        index = List.copyOf(index);
    }
}
