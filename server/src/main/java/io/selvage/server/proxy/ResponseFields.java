package io.selvage.server.proxy;

import io.selvage.server.http.FieldNameSet;
import io.selvage.server.http.Headers;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Which fields of a peer's answer the client sees, and which of them are orders to us.
///
/// @param hidden not shown
/// @param ignored orders that are not followed (`proxy_ignore_headers`)
public record ResponseFields(FieldNameSet hidden, FieldNameSet ignored) {
    private static final Set<String> USUALLY_HIDDEN = Set.of("date", "server", "x-pad", "x-accel-expires", "x-accel-redirect",
            "x-accel-limit-rate", "x-accel-buffering", "x-accel-charset");

    /// What holds without a directive.
    public static final ResponseFields DEFAULT = of(Set.of(), Set.of(), Set.of());

    /// @param hide names beside the usual ones (`proxy_hide_header`)
    /// @param pass names that are shown nevertheless (`proxy_pass_header`)
    /// @param ignore names of fields that order nothing (`proxy_ignore_headers`)
    public static ResponseFields of(Set<String> hide, Set<String> pass, Set<String> ignore) {
        Set<String> shown = lower(pass.stream());
        Set<String> hidden = lower(Stream.concat(USUALLY_HIDDEN.stream(), hide.stream()));
        hidden.removeAll(shown);
        return new ResponseFields(FieldNameSet.of(hidden), FieldNameSet.of(ignore));
    }

    private static Set<String> lower(Stream<String> names) {
        return names.map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    }

    /// What of a peer's fields is left for the client.
    Headers shown(Headers headers) {
        Predicate<String> dropped = HopByHop.inResponse(headers);
        return headers.without(name -> hidden.contains(name) || dropped.test(name));
    }

    /// The value of an order such as `X-Accel-Redirect`; empty where there is none, or it is ignored.
    String order(Headers headers, String name) {
        int at = headers.indexOf(name, 0);
        return at < 0 || ignored.contains(name) ? "" : headers.value(at);
    }
}
