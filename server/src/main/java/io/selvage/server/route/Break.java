package io.selvage.server.route;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.FilterResult;

/// Leaves out the rewrite directives that follow, and keeps the location even if the path was rewritten (`break`).
public record Break() implements Rewrite {

    @Override
    public FilterResult run(Exchange exchange, Entry entry) {
        exchange.routing().keepLocation();
        return FilterResult.STOP;
    }

    @Override
    public String describe(Exchange exchange) {
        return "break";
    }
}
