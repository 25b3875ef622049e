package io.selvage.server.route;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Text;
import io.selvage.server.http.Variable;
import java.util.Optional;

/// A variable whose value a directive defines (`map`, `geo`). An exchange keeps the value that it had at its first use.
///
/// @param name without the dollar sign
/// @param kept false if the value is computed anew at each use (`volatile`)
/// @param value computes it; it may need other variables
public record ComputedVariable(String name, boolean kept, Text value) implements Variable {

    @Override
    public Optional<String> of(Exchange exchange) {
        if (kept) {
            Optional<String> known = exchange.routing().variable(name);
            if (known.isPresent()) {
                return known;
            }
        }
        exchange.routing().beginEvaluation(name);
        try {
            String computed = value.apply(exchange);
            if (kept) {
                exchange.routing().setVariable(name, computed);
            }
            return Optional.of(computed);
        } finally {
            exchange.routing().endEvaluation();
        }
    }

    /// The value that a map gives to a text.
    public static ComputedVariable mapped(String name, boolean kept, Text source, ValueMap values) {
        return new ComputedVariable(name, kept, exchange -> values.find(source.apply(exchange), exchange).apply(exchange));
    }
}
