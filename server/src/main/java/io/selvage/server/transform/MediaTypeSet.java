package io.selvage.server.transform;

import io.selvage.server.http.Headers;
import java.util.Locale;
import java.util.Set;

/// The media types whose bodies a filter changes (`charset_types`, `sub_filter_types`, `ssi_types`).
///
/// @param names in lower case, without parameters; a `*` stands for every type
public record MediaTypeSet(Set<String> names) {
    /// Every type.
    public static final String ANY = "*";

    private static final String CONTENT_TYPE = "Content-Type";

    public MediaTypeSet {
        names = Set.copyOf(names);
    }

    /// True if the `Content-Type` among these fields is one of the set. Fields without a type belong only to a set of every type.
    public boolean matches(Headers fields) {
        return names.contains(ANY)
                || fields.first(CONTENT_TYPE).map(MediaTypeSet::withoutParameters).filter(names::contains).isPresent();
    }

    /// `text/html` for `Text/HTML; charset=utf-8`.
    private static String withoutParameters(String type) {
        int semicolon = type.indexOf(';');
        return (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    }
}
