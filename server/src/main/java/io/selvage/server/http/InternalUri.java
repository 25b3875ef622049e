package io.selvage.server.http;

import java.util.Optional;

/// The URI of an internal redirect as an application writes it (`X-Accel-Redirect`): a path, percent-encoded or not, and perhaps
/// a query.
///
/// The path is decoded once and otherwise kept: slashes are not merged and dot segments are not resolved, so that a location may
/// carry a whole URL in its path. A path that has no single meaning, or that leads out of a folder, is refused. An application
/// often makes the path from a user's text, so a `..` must not choose another folder or another location.
///
/// @param path decoded, each `char` one byte; starts with a slash
/// @param query what follows the first question mark, as written; empty for none
public record InternalUri(String path, String query) {

    /// Parses a URI.
    ///
    /// @param text each `char` one byte
    /// @return empty if the path does not start with a slash, has a `..` segment (encoded or not), an incomplete or invalid
    ///         escape, or a NUL
    public static Optional<InternalUri> parse(String text) {
        int mark = text.indexOf('?');
        String encoded = mark < 0 ? text : text.substring(0, mark);
        Optional<String> path = encoded.startsWith("/") ? decode(encoded) : Optional.empty();
        return path.filter(decoded -> decoded.indexOf('\0') < 0 && !UriBytes.hasStepUp(decoded))
                .map(decoded -> new InternalUri(decoded, mark < 0 ? "" : text.substring(mark + 1)));
    }

    private static Optional<String> decode(String encoded) {
        if (encoded.indexOf('%') < 0) {
            return Optional.of(encoded);
        }
        StringBuilder decoded = new StringBuilder(encoded.length());
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c == '%') {
                int value = i + 2 < encoded.length() ? UriBytes.decoded(encoded.charAt(i + 1), encoded.charAt(i + 2)) : -1;
                if (value < 0) {
                    return Optional.empty();
                }
                c = (char) value;
                i += 2;
            }
            decoded.append(c);
        }
        return Optional.of(decoded.toString());
    }
}
