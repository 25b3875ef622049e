package io.selvage.server.http;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;

/// From PCRE to what [java.util.regex.Pattern] reads the same way.
///
/// Named groups become numbered ones, for Java forbids `_` in their names; POSIX classes become properties; what
/// Java finds special in a class and PCRE does not is escaped, as is a brace that counts nothing; comments go.
final class RegexTranslation {
    /// As in PCRE; and so that the recursion of the compiler is bounded.
    private static final int DEEPEST = 250;

    private static final Map<String, String> POSIX = Map.ofEntries(
            Map.entry("alpha", "\\p{Alpha}"), Map.entry("digit", "\\p{Digit}"), Map.entry("alnum", "\\p{Alnum}"),
            Map.entry("upper", "\\p{Upper}"), Map.entry("lower", "\\p{Lower}"), Map.entry("punct", "\\p{Punct}"),
            Map.entry("graph", "\\p{Graph}"), Map.entry("print", "\\p{Print}"), Map.entry("blank", "\\p{Blank}"),
            Map.entry("cntrl", "\\p{Cntrl}"), Map.entry("xdigit", "\\p{XDigit}"), Map.entry("space", "\\s"),
            Map.entry("word", "\\w"));

    private final String source;
    private final int all;                                 // groups
    private final StringBuilder out = new StringBuilder();
    private final Map<String, Integer> groups = new LinkedHashMap<>();
    private int count;
    private int depth;
    private int at;

    RegexTranslation(String source) {
        this.source = source;
        this.all = countGroups(source);
        while (at < source.length()) {
            switch (source.charAt(at)) {
                case '\\' -> escape();
                case '[' -> characterClass();
                case '(' -> group();
                case ')' -> {
                    depth--;
                    copy(1);
                }
                case '{' -> brace();
                default -> copy(1);
            }
        }
    }

    String text() {
        return out.toString();
    }

    Map<String, Integer> groups() {
        return groups;
    }

    private void copy(int characters) {
        int end = Math.min(at + characters, source.length());
        out.append(source, at, end);
        at = end;
    }

    private void replace(int until, String by) {
        at = until;
        out.append(by);
    }

    /// The groups that an expression has, named or not; too many where brackets contain parentheses.
    private static int countGroups(String source) {
        int groups = 0;
        for (int i = 0; i < source.length(); i++) {
            char c = source.charAt(i);
            boolean named = source.startsWith("?P<", i + 1) || source.startsWith("?'", i + 1)
                    || source.startsWith("?<", i + 1) && !source.startsWith("=", i + 3) && !source.startsWith("!", i + 3);
            groups += c == '(' && (named || !source.startsWith("?", i + 1) && !source.startsWith("*", i + 1)) ? 1 : 0;
            i += c == '\\' ? 1 : 0;
        }
        return groups;
    }

    private void escape() {
        Optional<RegexEscape> other = RegexEscape.of(source, at, false, count, all);
        if (other.isPresent()) {
            replace(at + other.get().length(), other.get().text());
        } else if (source.startsWith("\\K", at)) {
            throw wrong("\"\\K\" is not supported");
        } else if (source.startsWith("\\Q", at)) {
            quotation();
        } else if (source.startsWith("\\k", at) || source.startsWith("\\g{", at)) {
            reference(at + 2);
        } else if (source.startsWith("{", at + 2) && "pPx".indexOf(source.charAt(at + 1)) >= 0) {
            copy(Math.max(source.indexOf('}', at), at + 2) + 1 - at);
        } else {
            copy(2);
        }
    }

    private void quotation() {
        int end = source.indexOf("\\E", at);
        copy(end < 0 ? source.length() : end + 2 - at);
    }

    private void reference(int open) {
        char opening = open < source.length() ? source.charAt(open) : ' ';
        int end = "<{'".indexOf(opening) < 0 ? -1 : source.indexOf(">}'".charAt("<{'".indexOf(opening)), open + 1);
        if (end < 0) {
            throw wrong("a reference without a name");
        }
        refer(source.substring(open + 1, end), end + 1);
    }

    private void refer(String name, int until) {
        boolean numbered = name.matches("\\d{1,3}");
        if (!numbered && !groups.containsKey(name)) {
            throw wrong("there is no group \"" + name + "\" before its reference");
        }
        // In a group of its own, so that a digit behind it is not read as part of the number.
        replace(until, "(?:\\" + (numbered ? name : groups.get(name)) + ")");
    }

    private void group() {
        if (source.startsWith("(?#", at)) {
            int end = source.indexOf(')', at);
            if (end < 0) {
                throw wrong("a comment that is not closed");
            }
            at = end + 1;
            return;
        }
        if (source.startsWith("(?P=", at)) {
            int end = source.indexOf(')', at);
            refer(source.substring(at + 4, Math.max(end, at + 4)), end + 1);
            return;
        }
        if (++depth > DEEPEST) {
            throw wrong("groups are nested more than " + DEEPEST + " deep");
        }
        int name = nameStart();
        if (name > 0) {
            namedGroup(name);
        } else {
            checkKind();
            count += source.startsWith("(?", at) ? 0 : 1;
            copy(source.startsWith("(?", at) ? 2 : 1);
        }
    }

    /// Refuses the kinds of groups that PCRE has alone, and options that mean something else to Java.
    private void checkKind() {
        if (source.startsWith("(*", at)) {
            throw wrong("\"" + source.substring(at, Math.max(at + 2, source.indexOf(')', at) + 1)) + "\" is not supported");
        }
        if (!source.startsWith("(?", at)) {
            return;
        }
        int end = at + 2;
        while (end < source.length() && Character.isLetter(source.charAt(end)) || source.startsWith("-", end)
                || source.startsWith("^", end)) {
            end++;
        }
        String options = source.substring(at + 2, end);
        if (end < source.length() && "(|&+0123456789".indexOf(source.charAt(end)) >= 0 || options.startsWith("P")
                || options.startsWith("R")) {
            throw wrong("\"" + source.substring(at, Math.min(end + 1, source.length())) + "\" is not supported");
        }
        for (char option : options.toCharArray()) {
            if ("imsx-".indexOf(option) < 0) {
                throw wrong("the option \"" + option + "\" is not supported");
            }
        }
    }

    /// Where the name of a group begins, or 0 when it has none.
    private int nameStart() {
        if (source.startsWith("(?P<", at)) {
            return at + 4;
        }
        boolean look = source.startsWith("(?<=", at) || source.startsWith("(?<!", at);
        return !look && (source.startsWith("(?<", at) || source.startsWith("(?'", at)) ? at + 3 : 0;
    }

    private void namedGroup(int from) {
        int end = source.indexOf(source.charAt(from - 1) == '<' ? '>' : '\'', from);
        String name = end < 0 ? "" : source.substring(from, end);
        if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            throw wrong("a group without a proper name");
        }
        if (groups.put(name, ++count) != null) {
            throw wrong("two groups are named \"" + name + "\"");
        }
        replace(end + 1, "(");
    }

    private void brace() {
        boolean counts = out.length() > 0 && source.substring(at).matches("(?s)\\{\\d+(,\\d*)?}.*");
        if (counts) {
            copy(source.indexOf('}', at) + 1 - at);
        } else {
            replace(at + 1, "\\{");
        }
    }

    private void characterClass() {
        copy(source.startsWith("[^", at) ? 2 : 1);
        if (source.startsWith("]", at)) {
            replace(at + 1, "\\]");
        }
        while (at < source.length() && source.charAt(at) != ']') {
            char c = source.charAt(at);
            int end = endOfPosixClass();
            if (end > 0) {
                posixClass(end);
            } else if (c == '[' || c == '&') {
                replace(at + 1, "\\" + c);
            } else if (source.startsWith("\\Q", at)) {
                quotation();
            } else if (c == '\\') {
                Optional<RegexEscape> other = RegexEscape.of(source, at, true, count, all);
                if (other.isPresent()) {
                    replace(at + other.get().length(), other.get().text());
                } else {
                    copy(2);
                }
            } else {
                copy(1);
            }
        }
        copy(1);
    }

    /// Where the `:]` of a POSIX class is that begins here, or 0 for none. As in PCRE, a `]` or `[:` in front of it means that
    /// none begins.
    private int endOfPosixClass() {
        if (!source.startsWith("[:", at)) {
            return 0;
        }
        for (int i = at + 2; i < source.length() && source.charAt(i) != ']' && !source.startsWith("[:", i); i++) {
            if (source.startsWith(":]", i)) {
                return i;
            }
        }
        return 0;
    }

    private void posixClass(int end) {
        String name = source.substring(at + 2, end);
        boolean negated = name.startsWith("^");
        String property = POSIX.get(negated ? name.substring(1) : name);
        if (property == null) {
            throw wrong("there is no class \"[:" + name + ":]\"");
        }
        // \p{..} and \P{..}, \s and \S
        replace(end + 2, "\\" + (negated ? property.substring(1, 2).toUpperCase(Locale.ROOT) : property.charAt(1))
                + property.substring(2));
    }

    private PatternSyntaxException wrong(String what) {
        return new PatternSyntaxException(what, source, at);
    }
}
