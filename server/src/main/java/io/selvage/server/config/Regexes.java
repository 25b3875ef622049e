package io.selvage.server.config;

import io.selvage.server.http.Regex;
import java.util.regex.PatternSyntaxException;

/// Reads regular expressions of the configuration.
public final class Regexes {
    private Regexes() {
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
