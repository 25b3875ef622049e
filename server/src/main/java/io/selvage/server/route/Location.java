package io.selvage.server.route;

import io.selvage.server.http.Handler;
import java.util.List;

/// A part of a site: for which paths it is, and what happens to their requests, in this order.
///
/// Filters are walked by index, because an iterator would be one more object for each request.
///
/// @param match the paths
/// @param options what holds for all its requests
/// @param rewrites first: they may send the request elsewhere, or answer (`return`)
/// @param requestFilters then: limits and access, in nginx's order
/// @param handler answers
/// @param responseFilters change the answer, first to last
/// @param policy which pages and fields its answers get, and where its requests are logged
/// @param nested locations within this one
public record Location(Match match, LocationOptions options, List<Rewrite> rewrites, List<RequestFilter> requestFilters,
        Handler handler, List<ResponseFilter> responseFilters, ResponsePolicy policy, List<Location> nested) {
    public Location {
        rewrites = List.copyOf(rewrites);
        requestFilters = List.copyOf(requestFilters);
        responseFilters = List.copyOf(responseFilters);
        nested = List.copyOf(nested);
    }
}
