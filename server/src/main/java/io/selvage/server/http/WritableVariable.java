package io.selvage.server.http;

import java.util.Optional;

/// A variable of the server that `set` may change, such as `$args`.
public interface WritableVariable extends Variable {

    /// Changes the value for the rest of the exchange.
    void set(Exchange exchange, String value);

    /// A variable that has its own value until it is changed.
    ///
    /// @param name without the dollar sign
    static WritableVariable of(String name, Variable own) {
        return new WritableVariable() {
            @Override
            public Optional<String> of(Exchange exchange) {
                return exchange.routing().variable(name).or(() -> own.of(exchange));
            }

            @Override
            public void set(Exchange exchange, String value) {
                exchange.routing().setVariable(name, value);
            }
        };
    }
}
