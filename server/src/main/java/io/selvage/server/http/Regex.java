package io.selvage.server.http;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A regular expression of the configuration. It is found anywhere in the text; each `char` is one byte.
///
/// Written as for PCRE. Three things differ in [Pattern] and are translated: names of groups (any letters, digits and
/// underscores, in three spellings), a bracket or two ampersands inside a character class, and `[:alpha:]` and the like.
public final class Regex {
    private static final Pattern GROUP_NAME = Pattern.compile("\\(\\?(?:P?<(\\w+)>|'(\\w+)')");
    private static final Pattern POSIX_CLASS = Pattern.compile("\\[:(\\^?)(\\w+):]");
    private static final Pattern BACK_REFERENCE = Pattern.compile(
            "\\(\\?P=(\\w+)\\)|\\\\[gk]\\{(\\w+)}|\\\\k<(\\w+)>|\\\\k'(\\w+)'");
    private static final Map<String, String> POSIX_NAMES = Map.ofEntries(Map.entry("alpha", "Alpha"),
            Map.entry("digit", "Digit"), Map.entry("alnum", "Alnum"), Map.entry("upper", "Upper"),
            Map.entry("lower", "Lower"), Map.entry("space", "Space"), Map.entry("punct", "Punct"),
            Map.entry("print", "Print"), Map.entry("graph", "Graph"), Map.entry("cntrl", "Cntrl"),
            Map.entry("xdigit", "XDigit"), Map.entry("blank", "Blank"));

    private final String source;
    private final Pattern pattern;
    private final Map<String, Integer> names = new LinkedHashMap<>();

    /// @param caseless whether ASCII letters match in either case
    /// @throws java.util.regex.PatternSyntaxException for what is no expression
    public Regex(String source, boolean caseless) {
        this.source = source;
        this.pattern = Pattern.compile(translated(), Pattern.UNIX_LINES | (caseless ? Pattern.CASE_INSENSITIVE : 0));
    }

    /// The names of its groups, which become variables.
    public Set<String> names() {
        return Set.copyOf(names.keySet());
    }

    public boolean isIn(String text) {
        return pattern.matcher(text).find();
    }

    /// The groups where it is in the text: the whole match first; a group that took no part is empty.
    public Optional<List<String>> groups(String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            return Optional.empty();
        }
        List<String> groups = new ArrayList<>(matcher.groupCount() + 1);
        for (int i = 0; i <= matcher.groupCount(); i++) {
            groups.add(Optional.ofNullable(matcher.group(i)).orElse(""));
        }
        return Optional.of(groups);
    }

    /// Looks for it, and where it is, makes its groups the exchange's captures and its named groups variables.
    public boolean capture(String text, Exchange exchange) {
        Optional<List<String>> found = groups(text);
        found.ifPresent(groups -> {
            exchange.captures(groups);
            names.forEach((name, group) -> exchange.variable(name, groups.get(group)));
        });
        return found.isPresent();
    }

    private String translated() {
        StringBuilder out = new StringBuilder(source.length() + 8);
        Matcher name = GROUP_NAME.matcher(source);
        Matcher reference = BACK_REFERENCE.matcher(source);
        int groups = 0;
        int at = 0;
        while (at < source.length()) {
            char c = source.charAt(at);
            if (name.region(at, source.length()).lookingAt()) {
                names.put(name.group(1) != null ? name.group(1) : name.group(2), ++groups);
                out.append('(');
                at = name.end();
            } else if (reference.region(at, source.length()).lookingAt()) {
                out.append("(?:\\").append(groupNumber(reference)).append(')');
                at = reference.end();
            } else if (c == '\\') {
                int end = source.startsWith("\\Q", at) ? quoteEnd(at) : Math.min(at + 2, source.length());
                out.append(source, at, end);
                at = end;
            } else if (c == '[') {
                at = characterClass(at, out);
            } else {
                groups += c == '(' && !source.startsWith("(?", at) && !source.startsWith("(*", at) ? 1 : 0;
                out.append(c);
                at++;
            }
        }
        return out.toString();
    }

    private int quoteEnd(int at) {
        int end = source.indexOf("\\E", at);
        return end < 0 ? source.length() : end + 2;
    }

    private String groupNumber(Matcher reference) {
        for (int i = 1; i <= reference.groupCount(); i++) {
            String named = reference.group(i);
            if (named != null) {
                return names.containsKey(named) ? String.valueOf(names.get(named)) : named;
            }
        }
        return "0";
    }

    /// Copies a character class that begins at `at`.
    ///
    /// @return the position behind it
    private int characterClass(int at, StringBuilder out) {
        Matcher posix = POSIX_CLASS.matcher(source);
        int from = at + (source.startsWith("[^", at) ? 2 : 1);
        out.append(source, at, from);
        int i = from;
        while (i < source.length()) {
            char c = source.charAt(i);
            if (c == ']' && i > from) {
                out.append(c);
                return i + 1;
            }
            if (c == '\\' && i + 1 < source.length()) {
                out.append(c).append(source.charAt(i + 1));
                i += 2;
            } else if (c == '[' && posix.region(i, source.length()).lookingAt() && POSIX_NAMES.containsKey(posix.group(2))) {
                out.append(posix.group(1).isEmpty() ? "\\p{" : "\\P{").append(POSIX_NAMES.get(posix.group(2))).append('}');
                i = posix.end();
            } else {
                out.append(c == '[' || c == '&' || c == ']' ? "\\" : "").append(c);
                i++;
            }
        }
        return i;
    }

    @Override
    public String toString() {
        return source;
    }
}
