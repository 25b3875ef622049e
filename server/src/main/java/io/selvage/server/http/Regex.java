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
///
/// A search has a bound, as PCRE's match limit: an expression such as `(a+)+$` takes time that doubles with each character of an
/// unlucky text, and the text is the client's.
public final class Regex {
    /// The most characters that one search looks at, counted each time: a few milliseconds. A search without much backtracking
    /// looks at each character a few times.
    static final int MOST_STEPS = 2_000_000;
    private static final int MOST_LOGGED = 200;

    private final String source;
    private final boolean ignoreCase;
    private final Pattern pattern;
    private final String suffix;                           // of every match; empty where none is known
    private final Map<String, Integer> names;

    /// @param ignoreCase whether ASCII letters match in either case
    /// @throws java.util.regex.PatternSyntaxException for what is no expression
    public Regex(String source, boolean ignoreCase) {
        var translated = new RegexTranslation(source);
        this.source = source;
        this.ignoreCase = ignoreCase;
        // As in PCRE, only a line feed ends a line.
        this.pattern = Pattern.compile(translated.text(), Pattern.UNIX_LINES | (ignoreCase ? Pattern.CASE_INSENSITIVE : 0));
        this.suffix = ignoreCase ? "" : RegexSuffix.of(translated.text());
        this.names = Map.copyOf(translated.groups());
    }

    /// As it is written.
    public String source() {
        return source;
    }

    /// True if ASCII letters match in either case (`~*`).
    public boolean ignoreCase() {
        return ignoreCase;
    }

    /// The names of its groups, which become variables.
    public Set<String> names() {
        return names.keySet();
    }

    /// The number of its groups.
    public int groupCount() {
        return pattern.matcher("").groupCount();
    }

    /// The groups where it is in the text: the whole match first; a group that took no part is empty.
    ///
    /// @throws UncheckedFailure where the search takes too many steps
    public Optional<List<String>> groups(String text) {
        if (!text.endsWith(suffix) && !text.endsWith("\n")) {   // a line feed may follow the end
            return Optional.empty();
        }
        Matcher matcher = pattern.matcher(new CountedText(text));
        try {
            if (!matcher.find()) {
                return Optional.empty();
            }
        } catch (TooManySteps | StackOverflowError _) {
            throw new UncheckedFailure(Failure.here(Failure.What.REFUSED, "the regular expression \"" + source
                    + "\" takes too many steps on \"" + text.substring(0, Math.min(MOST_LOGGED, text.length())) + "\""));
        }
        List<String> groups = new ArrayList<>(matcher.groupCount() + 1);
        for (int i = 0; i <= matcher.groupCount(); i++) {
            groups.add(Optional.ofNullable(matcher.group(i)).orElse(""));
        }
        return Optional.of(groups);
    }

    /// Looks for it, and where it is, makes its groups the exchange's captures and its named groups variables.
    ///
    /// @return true if it was found; otherwise the captures stay as they were
    /// @throws UncheckedFailure where the search takes too many steps
    public boolean capture(String text, Exchange exchange) {
        Optional<List<String>> found = groups(text);
        found.ifPresent(groups -> {
            exchange.routing().captures(groups);
            names.forEach((name, group) -> exchange.routing().setVariable(name, groups.get(group)));
        });
        return found.isPresent();
    }

    /// A text that counts how often its characters are looked at.
    private static final class CountedText implements CharSequence {
        private final String text;
        private int stepsLeft = MOST_STEPS;

        CountedText(String text) {
            this.text = text;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (--stepsLeft < 0) {
                throw new TooManySteps();
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /// Ends a search.
    private static final class TooManySteps extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooManySteps() {
            super("", null, false, false);
        }
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
