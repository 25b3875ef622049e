package io.selvage.server.route;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Explanation;
import io.selvage.server.http.FilterResult;
import io.selvage.server.http.Text;

/// Gives a variable a value for the rest of the exchange (`set`).
///
/// @param name of the variable
/// @param target gets the value
public record SetVariable(String name, Target target, Text value) implements Rewrite {

    /// Something that a directive may change.
    @FunctionalInterface
    public interface Target {
        void set(Exchange exchange, String value);
    }

    @Override
    public FilterResult run(Exchange exchange, Entry entry) {
        target.set(exchange, value.apply(exchange));
        return FilterResult.CONTINUE;
    }

    @Override
    public String describe(Exchange exchange) {
        return "set $" + name + " " + Explanation.written(value);
    }
}
