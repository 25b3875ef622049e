package io.selvage.server.config;

import io.selvage.server.http.Regex;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/// Reads regular expressions of the configuration.
public final class Regexes {
    private static final Pattern NAMED_GROUP = Pattern.compile("\\(\\?P?[<']([A-Za-z_]\\w*)[>']");

    private Regexes() {
    }

    /// The names of the groups that a text would have as a regular expression.
    static Set<String> groupNames(String text) {
        return NAMED_GROUP.matcher(text).results().map(group -> group.group(1)).collect(Collectors.toSet());
    }

    /// Reports an expression that cannot be compiled. The named groups of others become variables.
    public static Regex read(Argument argument, boolean ignoreCase) {
        String source = argument.text();
        try {
            Regex regex = new Regex(source, ignoreCase);
            argument.reading().variables().define(regex.names());
            return regex;
        } catch (PatternSyntaxException e) {
            argument.problem("regular expression \"" + source + "\": " + e.getDescription());
            return new Regex("", ignoreCase);
        }
    }
}
