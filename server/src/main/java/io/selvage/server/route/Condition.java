package io.selvage.server.route;

import io.selvage.server.files.FileTest;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Explanation;
import io.selvage.server.http.Regex;
import io.selvage.server.http.Text;
import java.util.List;

/// The condition of an `if`.
public sealed interface Condition {

    boolean holds(Exchange exchange);

    /// The condition for people, with the value that is tested for this exchange.
    default String describe(Exchange exchange) {
        return switch (this) {
            case IsSet(var value) -> described("", value, "", exchange);
            case Equals(var value, var other, boolean wanted) ->
                described("", value, (wanted ? " = " : " != ") + Explanation.written(other), exchange);
            case Matches(var value, var regex, boolean wanted) ->
                described("", value, (wanted ? " ~ " : " !~ ") + regex.source(), exchange);
            case IsFile(var test, var name, boolean wanted) ->
                described((wanted ? "" : "!") + test.option() + " ", name, "", exchange);
        };
    }

    private static String described(String before, Text tested, String after, Exchange exchange) {
        return "(" + before + Explanation.written(tested) + after + ") with \"" + tested.apply(exchange) + "\"";
    }

    /// A value that is neither empty nor `0`.
    record IsSet(Text value) implements Condition {
        @Override
        public boolean holds(Exchange exchange) {
            String text = value.apply(exchange);
            return !text.isEmpty() && !text.equals("0");
        }
    }

    /// Two equal values, or unequal ones.
    record Equals(Text value, Text other, boolean wanted) implements Condition {
        @Override
        public boolean holds(Exchange exchange) {
            return value.apply(exchange).equals(other.apply(exchange)) == wanted;
        }
    }

    /// A value in which an expression is found, or is not. Its groups become the captures of the exchange; without a match there
    /// are none.
    record Matches(Text value, Regex regex, boolean wanted) implements Condition {
        @Override
        public boolean holds(Exchange exchange) {
            boolean found = regex.capture(value.apply(exchange), exchange);
            if (!found) {
                exchange.routing().captures(List.of());
            }
            return found == wanted;
        }
    }

    /// A file that passes a test, or does not.
    record IsFile(FileTest test, Text name, boolean wanted) implements Condition {
        @Override
        public boolean holds(Exchange exchange) {
            return test.passes(name.apply(exchange)) == wanted;
        }
    }
}
