package io.selvage.server.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A regular expression of the configuration, written as for PCRE. It is found anywhere in the text; each `char` is one byte. Two
/// are equal when they are written the same.
public final class Regex {
    private final String source;
    private final boolean ignoreCase;
    private final Pattern pattern;
    private final Map<String, Integer> names;

    /// @param ignoreCase whether ASCII letters match in either case
    /// @throws java.util.regex.PatternSyntaxException for what is no expression
    public Regex(String source, boolean ignoreCase) {
        var translated = new RegexTranslation(source);
        this.source = source;
        this.ignoreCase = ignoreCase;
        // As in PCRE, only a line feed ends a line.
        this.pattern = Pattern.compile(translated.text(), Pattern.UNIX_LINES | (ignoreCase ? Pattern.CASE_INSENSITIVE : 0));
        this.names = Map.copyOf(translated.groups());
    }

    /// As it is written.
    public String source() {
        return source;
    }

    public boolean ignoreCase() {
        return ignoreCase;
    }

    /// The names of its groups, which become variables.
    public Set<String> names() {
        return names.keySet();
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
            exchange.routing().captures(groups);
            names.forEach((name, group) -> exchange.routing().setVariable(name, groups.get(group)));
        });
        return found.isPresent();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Regex regex && source.equals(regex.source) && ignoreCase == regex.ignoreCase;
    }

    @Override
    public int hashCode() {
        return source.hashCode();
    }

    @Override
    public String toString() {
        return source;
    }
}
