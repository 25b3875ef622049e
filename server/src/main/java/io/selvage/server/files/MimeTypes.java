package io.selvage.server.files;

import java.util.Locale;
import java.util.Map;

/// Media types by the extensions of file names (`types`, `default_type`).
///
/// @param byExtension media types by extension, in lower case and without the dot
/// @param other the type of everything else; empty for none
public record MimeTypes(Map<String, String> byExtension, String other) {

    public MimeTypes {
        byExtension = Map.copyOf(byExtension);
    }

    /// The media type of a path. A name that only begins with a dot has no extension.
    public String of(String path) {
        int dot = path.lastIndexOf('.');
        if (dot < 1 || path.charAt(dot - 1) == '/' || path.indexOf('/', dot) >= 0) {
            return other;
        }
        return byExtension.getOrDefault(path.substring(dot + 1).toLowerCase(Locale.ROOT), other);
    }
}
