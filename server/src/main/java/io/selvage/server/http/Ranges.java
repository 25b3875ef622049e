package io.selvage.server.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a `Range` field asks of a representation whose length is known (RFC 9110 §14).
///
/// The answers to bad questions are nginx's: what is no range set is not satisfiable; more parts than allowed, or more bytes than
/// there are, get the whole.
public sealed interface Ranges {

    /// All of it: nothing was asked that should be granted.
    record Whole() implements Ranges {
    }

    /// Answer 416.
    record Unsatisfiable() implements Ranges {
    }

    /// These parts, at least one, in the order asked for.
    record Some(List<Range> parts) implements Ranges {
        public Some {
            parts = List.copyOf(parts);
        }
    }

    /// A part that is there.
    ///
    /// @param first position of the first byte
    /// @param count number of bytes, at least 1
    record Range(long first, long count) {
        /// The value of its `Content-Range` (RFC 9110 §14.4).
        public String of(long size) {
            return "bytes " + first + '-' + (first + count - 1) + '/' + size;
        }
    }

    /// @param value of the `Range` field
    /// @param size of the whole, in bytes
    /// @param maxParts the most parts granted; 0 for no ranges at all (`max_ranges`)
    static Ranges parse(String value, long size, int maxParts) {
        if (maxParts == 0 || size == 0 || !value.regionMatches(true, 0, "bytes=", 0, 6)) {
            return new Whole();
        }
        List<Range> parts = new ArrayList<>(1);
        long left = size;
        for (String spec : value.substring(6).split(",", -1)) {
            Optional<Range> asked = parse(Whitespace.trim(spec), size);
            if (asked.isEmpty()) {
                return new Unsatisfiable();
            }
            Range range = asked.get();
            if (range.count() > 0) {
                left -= range.count();
                if (left < 0 || parts.size() == maxParts) {
                    return new Whole();
                }
                parts.add(range);
            }
        }
        return parts.isEmpty() ? new Unsatisfiable() : new Some(parts);
    }

    /// One range, of no bytes if it lies outside; nothing if it is none.
    private static Optional<Range> parse(String spec, long size) {
        int dash = spec.indexOf('-');
        if (dash < 0 || spec.length() == 1 || !isDigits(spec, 0, dash) || !isDigits(spec, dash + 1, spec.length())) {
            return Optional.empty();
        }
        if (dash == 0) {
            long count = Math.min(number(spec.substring(1)), size);
            return Optional.of(new Range(size - count, count));
        }
        long first = number(spec.substring(0, dash));
        long last = dash + 1 == spec.length() ? size - 1 : Math.min(number(spec.substring(dash + 1)), size - 1);
        return Optional.of(new Range(first, Math.max(0, last - first + 1)));
    }

    private static boolean isDigits(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    /// Numbers that do not fit are as good as the largest that does: no file is that long.
    private static long number(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }
}
