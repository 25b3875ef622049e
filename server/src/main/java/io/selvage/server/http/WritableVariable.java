package io.selvage.server.http;

/// A variable of the server that `set` may change, such as `$args`.
public interface WritableVariable extends Variable {

    /// Changes the value for the rest of the exchange.
    void set(Exchange exchange, String value);
}
