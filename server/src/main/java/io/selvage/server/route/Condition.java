package io.selvage.server.route;

import io.selvage.server.files.FileTest;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Regex;
import io.selvage.server.http.Text;
import java.util.List;

/// The condition of an `if`.
public sealed interface Condition {

    boolean holds(Exchange exchange);

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
