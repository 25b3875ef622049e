package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.FieldNameSet;
import io.selvage.server.http.Headers;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The fields of a peer's response as the client gets them: some hidden, the others passed, `Location` and `Refresh` rewritten.
///
/// @param hidden names of the fields that the client does not get
/// @param redirects how `Location` and `Refresh` are rewritten
public record ResponsePresentation(FieldNameSet hidden, RedirectRules redirects) {
    private static final Set<String> HIDDEN_BY_DEFAULT = Set.of("date", "server", "x-pad", "x-accel-expires", "x-accel-redirect",
            "x-accel-limit-rate", "x-accel-buffering", "x-accel-charset");

    /// @param hide names that are hidden beside those that always are (`proxy_hide_header`)
    /// @param pass names that are passed nevertheless (`proxy_pass_header`)
    public static ResponsePresentation of(Set<String> hide, Set<String> pass, RedirectRules redirects) {
        Set<String> hidden = lower(Stream.concat(HIDDEN_BY_DEFAULT.stream(), hide.stream()));
        hidden.removeAll(lower(pass.stream()));
        return new ResponsePresentation(FieldNameSet.of(hidden), redirects);
    }

    private static Set<String> lower(Stream<String> names) {
        return names.map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    }

    /// The fields for the client of this exchange.
    Headers present(Headers headers, Exchange exchange) {
        return redirects.rewrite(pass(headers), exchange);
    }

    /// The fields that are not hidden.
    Headers pass(Headers headers) {
        Predicate<String> dropped = HopByHop.inResponse(headers);
        return headers.without(name -> hidden.contains(name) || dropped.test(name));
    }
}
