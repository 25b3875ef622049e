package io.selvage.server.http;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/// The media types for whose bodies something is done (`gzip_types`, `charset_types`, `sub_filter_types`, `ssi_types`).
///
/// @param names in lower case, without parameters; a `*` stands for every type
public record MediaTypeSet(Set<String> names) {
    /// Every type.
    public static final String ANY = "*";

    public MediaTypeSet {
        names = Set.copyOf(names);
    }

    /// The types in alphabetical order, for people.
    public String words() {
        return String.join(" ", new TreeSet<>(names));
    }

    /// True if the `Content-Type` among these fields is one of the set. Fields without a type belong only to a set of every type.
    public boolean matches(Headers fields) {
        int at = fields.indexOf("Content-Type", 0);
        return at >= 0 && (names.contains(fields.value(at)) || names.contains(withoutParameters(fields.value(at))))
                || names.contains(ANY);
    }

    /// `text/html` for `Text/HTML; charset=utf-8`.
    private static String withoutParameters(String type) {
        int semicolon = type.indexOf(';');
        return (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    }
}
