package io.selvage.server.http;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Parses the target of a request and normalises its path, once for all users of it (RFC 9112 §3.2, RFC 3986 §6.2.2).
///
/// The path is decoded first and its dot segments are removed after that, so `%2e%2e%2f` is `../`. What cannot be read in
/// one way only is refused. A backslash is an ordinary character, and bytes above 0x7f pass through.
public final class Targets {

    /// The result.
    public sealed interface Reading {

        /// A target that has one meaning.
        record Valid(Target target) implements Reading {
        }

        /// One that is refused.
        record Refused(Refusal why) implements Reading {
        }
    }

    private Targets() {
    }

    /// Reads an origin-form, absolute-form or asterisk-form target. The authority-form is for CONNECT alone, which is
    /// never served.
    ///
    /// @param raw as it stood in the request line, one `char` a byte
    /// @param mergeSlashes whether doubled slashes in the path count as one (`merge_slashes`)
    public static Reading parse(String raw, boolean mergeSlashes) {
        Optional<String> wrong = wrongCharacter(raw);
        if (wrong.isPresent()) {
            return refused(wrong.get());
        }
        if (raw.equals("*")) {
            return new Reading.Valid(new Target(Target.Form.ASTERISK, raw, raw, "", ""));
        }
        if (raw.startsWith("/")) {
            return path(Target.Form.ORIGIN, raw, "", mergeSlashes);
        }
        return absolute(raw, mergeSlashes);
    }

    private static Reading absolute(String raw, boolean mergeSlashes) {
        int colon = raw.indexOf("://");
        String scheme = colon < 0 ? "" : raw.substring(0, colon).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http") && !scheme.equals("https")) {
            return refused("a target that is neither a path nor an http URL");
        }
        int from = colon + 3;
        int end = from;
        while (end < raw.length() && raw.charAt(end) != '/' && raw.charAt(end) != '?') {
            end++;
        }
        String authority = raw.substring(from, end);
        if (Authority.parse(authority).isEmpty()) {
            return refused("an invalid host in the target");
        }
        String rest = raw.substring(end);
        return path(Target.Form.ABSOLUTE, rest.startsWith("/") ? rest : "/" + rest, authority, mergeSlashes);
    }

    private static Reading path(Target.Form form, String raw, String authority, boolean mergeSlashes) {
        int mark = raw.indexOf('?');
        int end = mark < 0 ? raw.length() : mark;
        String path = isPlain(raw, end) ? raw.substring(0, end) : normal(raw, end, mergeSlashes);
        if (path == null) {
            return refused("an invalid escape or too many \"..\" in the path");
        }
        return new Reading.Valid(new Target(form, raw, path, mark < 0 ? "" : raw.substring(mark + 1), authority));
    }

    private static Reading refused(String reason) {
        return new Reading.Refused(new Refusal(Status.BAD_REQUEST, reason));
    }

    private static Optional<String> wrongCharacter(String raw) {
        if (raw.isEmpty()) {
            return Optional.of("an empty target");
        }
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c <= ' ' || c == 0x7f) {
                return Optional.of("a control character or space in the target");
            }
            if (c == '#') {
                return Optional.of("a fragment in the target");
            }
        }
        return Optional.empty();
    }

    /// Whether there is nothing to decode, to merge or to remove.
    private static boolean isPlain(String raw, int end) {
        for (int i = 0; i < end; i++) {
            char c = raw.charAt(i);
            if (c == '%' || c == '/' && i + 1 < end && (raw.charAt(i + 1) == '/' || raw.charAt(i + 1) == '.')) {
                return false;
            }
        }
        return true;
    }

    /// The decoded path without dot segments; null where it has a bad escape, an escaped NUL, or leaves the root.
    private static @Nullable String normal(String raw, int end, boolean mergeSlashes) {
        StringBuilder path = new StringBuilder(end);
        for (int i = 0; i < end; i++) {
            char c = raw.charAt(i);
            if (c == '%') {
                int decoded = i + 2 < end ? UriBytes.decoded(raw.charAt(i + 1), raw.charAt(i + 2)) : -1;
                if (decoded <= 0) {
                    return null;
                }
                c = (char) decoded;
                i += 2;
            }
            if (c == '/' && !endSegment(path, mergeSlashes)) {
                return null;
            } else if (c != '/') {
                path.append(c);
            }
        }
        // A last segment of dots names the directory, as with a slash behind.
        if (isDots(path) && !endSegment(path, mergeSlashes)) {
            return null;
        }
        return path.toString();
    }

    /// Puts a slash behind the last segment, or takes the segment away where it is `.` or `..`.
    ///
    /// @return whether the path stays below its root
    private static boolean endSegment(StringBuilder path, boolean mergeSlashes) {
        int from = path.lastIndexOf("/") + 1;
        int length = path.length() - from;
        if (length == 0 && mergeSlashes && from > 0) {
            return true;
        }
        if (!isDots(path)) {
            path.append('/');
            return true;
        }
        path.setLength(from);
        if (length == 2) {
            int parent = path.lastIndexOf("/", from - 2) + 1;
            path.setLength(parent);
            return parent > 0;
        }
        return true;
    }

    /// Whether the last segment is `.` or `..`.
    private static boolean isDots(StringBuilder path) {
        int from = path.lastIndexOf("/") + 1;
        int length = path.length() - from;
        return (length == 1 || length == 2) && path.charAt(from) == '.' && path.charAt(path.length() - 1) == '.';
    }
}
