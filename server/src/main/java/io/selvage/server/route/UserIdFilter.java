package io.selvage.server.route;

import io.selvage.server.http.Answer;
import io.selvage.server.http.Answer.Reply;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Explanation;
import io.selvage.server.http.FilterResult;
import io.selvage.server.http.Headers;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Recognises clients by a cookie, and gives one to those that have none (`userid`).
///
/// @param sets whether cookies are set; otherwise they are only read (`userid log`)
/// @param name of the cookie
/// @param expires how long the cookie is valid; empty for as long as the browser runs, [#MAX] for ever
/// @param attributes what follows in the field, such as `; path=/`
/// @param mark stands in the place of the padding; a cookie with another one is sent again (`userid_mark`)
/// @param p3p the value of a `P3P` field; empty for none
/// @param source makes new numbers
public record UserIdFilter(boolean sets, String name, Optional<Duration> expires, String attributes, char mark, String p3p,
        UserIdSource source) implements RequestFilter, ResponseFilter {
    /// The longest time, until the end of 2037.
    public static final Duration MAX = Duration.ofSeconds(Long.MAX_VALUE);

    private static final String END_OF_TIME = "Thu, 31-Dec-37 23:55:55 GMT";
    private static final DateTimeFormatter SHORT =
            DateTimeFormatter.ofPattern("EEE, dd-MMM-yy HH:mm:ss 'GMT'", Locale.ENGLISH);
    private static final DateTimeFormatter LONG =
            DateTimeFormatter.ofPattern("EEE, dd-MMM-yyyy HH:mm:ss 'GMT'", Locale.ENGLISH);
    private static final int LAST_SHORT_YEAR = 2037;
    private static final String RESET = "uid_reset";

    /// What is known of the client of one exchange, in its last location.
    private static final class Known {
        private @Nullable UserIdFilter filter;
        private @Nullable UserId given;
    }

    @Override
    public String directive() {
        return "userid";
    }

    /// Makes this the filter of the exchange, which its variables use.
    @Override
    public FilterResult filter(Exchange exchange) {
        exchange.main().state(Known.class, Known::new).filter = this;
        return FilterResult.CONTINUE;
    }

    /// Says nothing: the response filter does.
    @Override
    public FilterResult explain(Exchange exchange, Explanation into) {
        return filter(exchange);
    }

    @Override
    public String describe(Exchange exchange) {
        return sets ? "sets the cookie " + name + " where the client has none" : "reads the cookie " + name;
    }

    @Override
    public Answer filter(Exchange exchange, Reply reply) {
        Optional<UserId> given = sets ? given(exchange) : Optional.empty();
        if (given.isEmpty()) {
            return reply;
        }
        Headers fields = reply.head().headers().with("Set-Cookie",
                name + "=" + given.get().cookie() + expiry() + attributes);
        return reply.withHeaders(p3p.isEmpty() ? fields : fields.with("P3P", p3p));
    }

    /// The cookie of the client as a log has it; `$uid_got`.
    public static Optional<String> received(Exchange exchange) {
        return current(exchange).flatMap(filter -> filter.valid(exchange).map(id -> filter.name + "=" + id.hex()));
    }

    /// The cookie that the client gets, as a log has it; `$uid_set`.
    public static Optional<String> set(Exchange exchange) {
        return current(exchange).filter(filter -> filter.sets)
                .flatMap(filter -> filter.given(exchange).map(id -> filter.name + "=" + id.hex()));
    }

    private static Optional<UserIdFilter> current(Exchange exchange) {
        return exchange.main().state(Known.class).map(known -> known.filter);
    }

    /// The number in the cookie of the client, unless the configuration resets it.
    private Optional<UserId> valid(Exchange exchange) {
        return exchange.routing().variable(RESET).filter(reset -> !reset.isEmpty() && !reset.equals("0")).isPresent()
                ? Optional.empty() : cookie(exchange.headers()).flatMap(UserId::parse);
    }

    private Optional<String> cookie(Headers headers) {
        for (String field : headers.all("Cookie")) {
            for (String pair : field.split(";")) {
                int equals = pair.indexOf('=');
                if (equals > 0 && pair.substring(0, equals).strip().equals(name)) {
                    return Optional.of(pair.substring(equals + 1).strip());
                }
            }
        }
        return Optional.empty();
    }

    /// The number that the client gets: a new one, or its own with another mark. Empty if it has a number with the right mark.
    private Optional<UserId> given(Exchange exchange) {
        Known known = exchange.main().state(Known.class, Known::new);
        if (known.given == null) {
            Optional<UserId> own = valid(exchange);
            if (own.isPresent() && (mark == UserId.NO_MARK || own.get().mark() == mark)) {
                return Optional.empty();
            }
            known.given = own.orElseGet(() -> source.next(exchange)).marked(mark);
        }
        return Optional.ofNullable(known.given);
    }

    private String expiry() {
        if (expires.isEmpty()) {
            return "";
        }
        if (expires.get().equals(MAX)) {
            return "; expires=" + END_OF_TIME;
        }
        ZonedDateTime end = ZonedDateTime.now(ZoneOffset.UTC).plus(expires.get());
        return "; expires=" + (end.getYear() > LAST_SHORT_YEAR ? LONG : SHORT).format(end);
    }
}
