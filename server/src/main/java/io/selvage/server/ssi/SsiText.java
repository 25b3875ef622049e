package io.selvage.server.ssi;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/// The value of a parameter with variables in it: `$name`, `${name}`. A backslash before a dollar sign or a backslash removes its
/// meaning, if there is any dollar sign in the text; other backslashes stay.
final class SsiText {
    private final String text;
    private final Function<String, Optional<String>> variables;
    private final StringBuilder result = new StringBuilder();
    private int at;

    private SsiText(String text, Function<String, Optional<String>> variables) {
        this.text = text;
        this.variables = variables;
    }

    /// The text with the values of its variables. Names have no case. A variable without a value is nothing.
    ///
    /// @return empty if a dollar sign begins no name
    static Optional<String> evaluate(String text, Function<String, Optional<String>> variables) {
        return text.indexOf('$') < 0 ? Optional.of(text) : new SsiText(text, variables).evaluate();
    }

    private Optional<String> evaluate() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '$') {
                if (!variable()) {
                    return Optional.empty();
                }
            } else {
                if (c == '\\' && at + 1 < text.length() && "\\$".indexOf(text.charAt(at + 1)) >= 0) {
                    at++;
                }
                result.append(text.charAt(at));
                at++;
            }
        }
        return Optional.of(result.toString());
    }

    private boolean variable() {
        boolean braced = text.startsWith("{", at + 1);
        int from = at + (braced ? 2 : 1);
        int to = from;
        while (to < text.length() && isInName(text.charAt(to))) {
            to++;
        }
        if (to == from || braced && !text.startsWith("}", to)) {
            return false;
        }
        variables.apply(text.substring(from, to).toLowerCase(Locale.ROOT)).ifPresent(result::append);
        at = to + (braced ? 1 : 0);
        return true;
    }

    private static boolean isInName(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
    }
}
