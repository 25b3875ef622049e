package io.selvage.server.http;

import java.util.Optional;

/// An escape of PCRE that [java.util.regex.Pattern] reads otherwise or not at all: a character by its number, or a reference by
/// number.
///
/// @param text for [java.util.regex.Pattern]
/// @param length of the escape in the expression
record RegexEscape(String text, int length) {

    /// @param at index of the backslash
    /// @param inClass whether it is inside brackets
    /// @param before groups in front of it
    /// @param all groups of the expression
    /// @return empty for an escape that both read the same way
    static Optional<RegexEscape> of(String source, int at, boolean inClass, int before, int all) {
        char kind = at + 1 < source.length() ? source.charAt(at + 1) : ' ';
        return switch (kind) {
            case 'x' -> source.startsWith("{", at + 2) ? Optional.empty() : hexadecimal(source, at);
            case 'b' -> inClass ? Optional.of(new RegexEscape("\\x08", 2)) : Optional.empty();
            case 'N' -> inClass || source.startsWith("{", at + 2) ? Optional.empty() : Optional.of(new RegexEscape("[^\\n]", 2));
            case 'E' -> Optional.of(new RegexEscape("", 2));
            case 'g' -> inClass ? Optional.empty() : reference(source, at, before);
            case '0', '1', '2', '3', '4', '5', '6', '7' -> number(source, at, inClass, all);
            default -> Optional.empty();
        };
    }

    /// `\x`, `\xa`, `\xab`
    private static Optional<RegexEscape> hexadecimal(String source, int at) {
        int end = endOfDigits(source, at + 2, 16, at + 4);
        int value = end == at + 2 ? 0 : Integer.parseInt(source.substring(at + 2, end), 16);
        return Optional.of(character(value, end - at));
    }

    /// `\g1`, `\g-1`, `\g{-1}`
    private static Optional<RegexEscape> reference(String source, int at, int before) {
        boolean braces = source.startsWith("{", at + 2);
        int from = at + (braces ? 3 : 2);
        boolean relative = source.startsWith("-", from);
        int digits = from + (relative ? 1 : 0);
        int end = endOfDigits(source, digits, 10, digits + 3);
        if (end == digits || braces && !source.startsWith("}", end)) {
            return Optional.empty();
        }
        int number = Integer.parseInt(source.substring(digits, end));
        int group = relative ? before + 1 - number : number;
        return group < 1 ? Optional.empty() : Optional.of(group(group, end + (braces ? 1 : 0) - at));
    }

    /// A reference if there are as many groups, or if it is a single digit; else a character in octal.
    private static Optional<RegexEscape> number(String source, int at, boolean inClass, int all) {
        int end = endOfDigits(source, at + 1, 10, at + 4);
        int number = Integer.parseInt(source.substring(at + 1, end));
        if (!inClass && source.charAt(at + 1) != '0' && (number < 10 || number <= all)) {
            return Optional.of(group(number, end - at));
        }
        int octal = endOfDigits(source, at + 1, 8, at + 4);
        return Optional.of(character(Integer.parseInt(source.substring(at + 1, octal), 8) & 0xff, octal - at));
    }

    /// In a group of its own, so that a digit behind it is not read as part of the number.
    private static RegexEscape group(int number, int length) {
        return new RegexEscape("(?:\\" + number + ")", length);
    }

    private static RegexEscape character(int value, int length) {
        return new RegexEscape("\\x%02x".formatted(value), length);
    }

    private static int endOfDigits(String source, int from, int radix, int limit) {
        int end = from;
        while (end < Math.min(limit, source.length()) && source.charAt(end) < 0x80
                && Character.digit(source.charAt(end), radix) >= 0) {
            end++;
        }
        return end;
    }
}
