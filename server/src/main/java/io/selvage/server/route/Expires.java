package io.selvage.server.route;

import io.selvage.server.http.Answer.Reply;
import io.selvage.server.http.Exchange;
import io.selvage.server.http.Headers;
import io.selvage.server.http.HttpDate;
import io.selvage.server.observe.LogTime;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.OptionalLong;
import java.util.function.Function;

/// How long an answer may be kept: `Expires` and `Cache-Control` (`expires`).
///
/// @param when what the directive says, for this exchange
/// @param time the current time
/// @param zone in which a time of day is meant
public record Expires(Function<Exchange, When> when, LogTime time, ZoneId zone) implements ResponseFilter {

    /// What the directive says.
    public sealed interface When {
        /// Nothing is changed.
        record Off() implements When {
        }

        /// Long ago.
        record Epoch() implements When {
        }

        /// As far ahead as a cache may be asked to remember.
        record Max() implements When {
        }

        /// Seconds from now; below zero for not at all.
        record FromNow(long seconds) implements When {
        }

        /// Seconds from the last change of what is sent, or from now where the answer has no `Last-Modified`.
        record FromChange(long seconds) implements When {
        }

        /// At the next time of day like this.
        record At(LocalTime time) implements When {
        }
    }

    @Override
    public Reply filter(Exchange exchange, Reply reply) {
        if (!AddedHeaders.isGood(reply.head().status())) {
            return reply;
        }
        Headers headers = reply.head().headers();
        long now = time.millis() / 1000;
        return switch (when.apply(exchange)) {
            case When.Off() -> reply;
            case When.Epoch() -> reply.withHeaders(with(headers, "Thu, 01 Jan 1970 00:00:01 GMT", "no-cache"));
            case When.Max() -> reply.withHeaders(with(headers, "Thu, 31 Dec 2037 23:55:55 GMT", "max-age=315360000"));
            case When.FromNow(long seconds) -> reply.withHeaders(until(headers, now + seconds, now, seconds < 0));
            case When.FromChange(long seconds) -> {
                OptionalLong changed = lastModified(headers, now);
                yield reply.withHeaders(until(headers, changed.orElse(now) + seconds, now, seconds < 0));
            }
            case When.At(var timeOfDay) -> reply.withHeaders(until(headers, next(timeOfDay, now), now, false));
        };
    }

    private static Headers until(Headers headers, long end, long now, boolean never) {
        long age = end - now;
        return with(headers, HttpDate.format(end), never || age < 0 ? "no-cache" : "max-age=" + age);
    }

    private static Headers with(Headers headers, String expires, String cacheControl) {
        return headers.replacing("Expires", expires).replacing("Cache-Control", cacheControl);
    }

    private static OptionalLong lastModified(Headers headers, long now) {
        return headers.first("Last-Modified").map(date -> HttpDate.parse(date, now)).orElse(OptionalLong.empty());
    }

    private long next(LocalTime timeOfDay, long now) {
        ZonedDateTime today = Instant.ofEpochSecond(now).atZone(zone);
        ZonedDateTime then = today.with(timeOfDay);
        return (then.isAfter(today) ? then : then.plusDays(1)).toEpochSecond();
    }
}
