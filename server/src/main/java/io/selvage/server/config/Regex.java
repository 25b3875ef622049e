package io.selvage.server.config;

import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// A regular expression: as it is written for PCRE, and compiled. Two are equal when they are written the same.
public final class Regex {
    private final String source;
    private final boolean ignoreCase;
    private final Pattern pattern;
    private final Map<String, Integer> groups;

    private Regex(String source, boolean ignoreCase, Pattern pattern, Map<String, Integer> groups) {
        this.source = source;
        this.ignoreCase = ignoreCase;
        this.pattern = pattern;
        this.groups = Map.copyOf(groups);
    }

    /// Reports an expression that cannot be compiled. The named groups of others become variables.
    static Regex read(Argument argument, boolean ignoreCase) {
        String source = argument.text();
        try {
            var translated = new RegexTranslation(source);
            // As in PCRE, only a line feed ends a line.
            int flags = Pattern.UNIX_LINES | (ignoreCase ? Pattern.CASE_INSENSITIVE : 0);
            Pattern pattern = Pattern.compile(translated.text(), flags);
            argument.reading().variables().define(translated.groups().keySet());
            return new Regex(source, ignoreCase, pattern, translated.groups());
        } catch (PatternSyntaxException e) {
            argument.problem("regular expression \"" + source + "\": " + e.getDescription());
            return new Regex(source, ignoreCase, Pattern.compile(""), Map.of());
        }
    }

    /// As it is written.
    public String source() {
        return source;
    }

    public boolean ignoreCase() {
        return ignoreCase;
    }

    /// Its groups have numbers only.
    public Pattern pattern() {
        return pattern;
    }

    /// The numbers of the groups that have names.
    public Map<String, Integer> groups() {
        return groups;
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
