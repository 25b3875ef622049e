package io.selvage.server.ssi;

import io.selvage.server.http.Regex;
import io.selvage.server.http.UncheckedFailure;
import java.util.function.BiPredicate;
import java.util.regex.PatternSyntaxException;

/// The expression of an `if`: a text that must not be empty, or two that are compared with `=` or `!=`. The second may be a
/// regular expression between slashes.
///
/// @param left before the operator
/// @param operator `=`, `!=`, or empty if there is none
/// @param right behind the operator
record SsiCondition(String left, String operator, String right) {
    private static final String IN_LEFT = "${}_\"'";

    static SsiCondition parse(String expression) {
        int end = 0;
        while (end < expression.length() && isInLeft(expression.charAt(end))) {
            end++;
        }
        String rest = expression.substring(end).stripLeading();
        String operator = rest.startsWith("=") ? "=" : rest.startsWith("!=") ? "!=" : "";
        return new SsiCondition(expression.substring(0, end), operator, rest.substring(operator.length()).stripLeading());
    }

    /// Whether it is true.
    ///
    /// @param first the value of the left side
    /// @param second the value of the right side
    /// @param search looks for an expression in a text
    boolean isTrue(String first, String second, BiPredicate<Regex, String> search) throws SsiError {
        if (operator.isEmpty()) {
            return !first.isEmpty();
        }
        boolean equal = second.startsWith("/") ? matches(first, second, search) : first.equals(second);
        return equal == operator.equals("=");
    }

    private static boolean matches(String text, String between, BiPredicate<Regex, String> search) throws SsiError {
        if (between.length() < 2 || !between.endsWith("/")) {
            throw new SsiError("invalid regular expression in \"" + between + "\"");
        }
        try {
            return search.test(new Regex(between.substring(1, between.length() - 1), false), text);
        } catch (PatternSyntaxException e) {
            throw new SsiError("invalid regular expression in \"" + between + "\": " + e.getDescription());
        } catch (UncheckedFailure e) {
            throw new SsiError(e.failure().detail());
        }
    }

    private static boolean isInLeft(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || IN_LEFT.indexOf(c) >= 0;
    }
}
