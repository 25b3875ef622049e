package io.selvage.server.proxy;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.FieldNameSet;
import io.selvage.server.http.Headers;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The fields of a peer's response as the client gets them: some hidden, the others passed, `Location`, `Refresh` and cookies
/// rewritten.
///
/// Of a field that has a single value by its definition, the first is passed and others are dropped, as nginx 1.23 and newer do:
/// clients disagree on which of them counts.
public final class ResponsePresentation {
    private static final Set<String> HIDDEN_BY_DEFAULT = Set.of("date", "server", "x-pad", "x-accel-expires", "x-accel-redirect",
            "x-accel-limit-rate", "x-accel-buffering", "x-accel-charset");
    private static final List<String> SINGLE = List.of("content-type", "date", "server", "last-modified", "etag", "location",
            "refresh", "content-disposition", "expires", "age", "retry-after", "content-location", "content-range",
            "strict-transport-security");
    private static final byte DROPPED = -1;

    private final RedirectRules redirects;
    private final Predicate<Exchange> hints;
    private final CookieRules cookies;
    private final boolean offers;
    private final FieldNameSet known;                      // names that are dropped, or single
    private final byte[] treatments;                       // by the index in `known`: DROPPED, or the index in SINGLE

    private ResponsePresentation(Set<String> dropped, boolean offers, RedirectRules redirects, CookieRules cookies,
            Predicate<Exchange> hints) {
        this.offers = offers;
        this.cookies = cookies;
        this.redirects = redirects;
        this.hints = hints;
        Set<String> names = new HashSet<>(dropped);
        names.addAll(SINGLE);
        known = FieldNameSet.of(names);
        treatments = new byte[known.indexes()];
        for (String name : names) {
            treatments[known.indexOf(name)] = dropped.contains(name) ? DROPPED : (byte) SINGLE.indexOf(name);
        }
    }

    /// @param hide names that are hidden beside those that always are (`proxy_hide_header`)
    /// @param pass names that are passed nevertheless (`proxy_pass_header`)
    /// @param redirects how `Location` and `Refresh` are rewritten
    /// @param cookies how cookies are changed
    /// @param hints true if the client of an exchange gets interim responses, such as 103 (`early_hints`)
    public static ResponsePresentation of(Set<String> hide, Set<String> pass, RedirectRules redirects,
            CookieRules cookies, Predicate<Exchange> hints) {
        Set<String> dropped = lower(Stream.concat(HIDDEN_BY_DEFAULT.stream(), hide.stream()));
        dropped.removeAll(lower(pass.stream()));
        boolean offers = !dropped.contains("upgrade");
        dropped.addAll(HopByHop.OF_RESPONSES);
        return new ResponsePresentation(dropped, offers, redirects, cookies, hints);
    }

    private static Set<String> lower(Stream<String> names) {
        return names.map(name -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    }

    /// The fields for the client. Logs fields that were sent twice but have one value.
    ///
    /// @param length whether `Content-Length` is among them
    Headers present(Headers headers, boolean length, UpstreamRequest request) {
        Selection selection = new Selection(headers, length);
        Headers passed = headers.without(selection);
        if (!selection.duplicate.isEmpty()) {
            request.warn("upstream sent duplicate field \"" + selection.duplicate + "\", only the first is passed on");
        }
        return cookies.rewrite(redirects.rewrite(passed, request.exchange()), request.exchange());
    }

    /// The fields that are not dropped.
    Headers pass(Headers headers) {
        return headers.without(new Selection(headers, true));
    }

    /// True if the client gets the protocols that a peer offers in `Upgrade`.
    boolean passesOffers() {
        return offers;
    }

    /// True if the client of this exchange gets interim responses.
    boolean passesInterim(Exchange exchange) {
        return hints.test(exchange);
    }

    /// Chooses the fields of one message that are dropped. Each field is tested once, in order.
    private final class Selection implements Predicate<String> {
        private final Set<String> named;
        private final boolean length;                      // whether `Content-Length` is kept
        private int seen;                                  // bits, by the index in SINGLE
        private String duplicate = "";

        Selection(Headers headers, boolean length) {
            this.named = HopByHop.namedBy(headers);
            this.length = length;
        }

        @Override
        public boolean test(String name) {
            int at = known.indexOf(name);
            if (at >= 0) {
                if (treatments[at] == DROPPED) {
                    return true;
                }
                int bit = 1 << treatments[at];
                if ((seen & bit) != 0) {
                    duplicate = name;
                    return true;
                }
                seen |= bit;
            }
            return !length && Headers.same(name, "Content-Length")
                    || !named.isEmpty() && named.contains(name.toLowerCase(Locale.ROOT));
        }
    }
}
