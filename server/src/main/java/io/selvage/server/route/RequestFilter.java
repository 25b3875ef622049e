package io.selvage.server.route;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Explanation;
import io.selvage.server.http.Failure;
import io.selvage.server.http.FilterResult;

/// Something done before a handler: it changes the exchange, answers in place of the handler, or sends the request elsewhere.
///
/// Runs on the thread of the exchange and may wait there.
@FunctionalInterface
public interface RequestFilter {

    FilterResult filter(Exchange exchange) throws Failure;

    /// Explains what [#filter] would do. Changes nothing that other exchanges see, sends nothing and does not wait for others.
    ///
    /// @param into gets what is found out
    /// @return what [#filter] would return as far as that is known; otherwise, that the request goes on
    default FilterResult explain(Exchange exchange, Explanation into) throws Failure {
        into.add("filter", Explanation.nameOf(this), "applies to the request");
        return FilterResult.CONTINUE;
    }
}
