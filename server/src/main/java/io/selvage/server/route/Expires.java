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

/// Sets `Expires` and `Cache-Control`: how long a response may be cached (`expires`).
///
/// @param when the expiry time for an exchange
/// @param time the current time
/// @param zone the time zone of a time of day
public record Expires(Function<Exchange, When> when, LogTime time, ZoneId zone) implements ResponseFilter {

    /// The expiry time of a response.
    public sealed interface When {
        /// The fields are not changed.
        record Off() implements When {
        }

        /// In 1970: the response is not cached (`epoch`).
        record Epoch() implements When {
        }

        /// At the end of 2037, with a `max-age` of ten years (`max`).
        record Max() implements When {
        }

        /// Seconds from now; below zero, the response is not cached.
        record FromNow(long seconds) implements When {
        }

        /// Seconds from `Last-Modified`, or from now if the response has no such field.
        record FromChange(long seconds) implements When {
        }

        /// The next occurrence of a time of day.
        record At(LocalTime time) implements When {
        }
    }

    @Override
    public String directive() {
        return "expires";
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

    @Override
    public String describe(Exchange exchange) {
        return switch (when.apply(exchange)) {
            case When.Off() -> "off";
            case When.Epoch() -> "epoch: not to be cached";
            case When.Max() -> "max: ten years";
            case When.FromNow(long seconds) -> seconds + " seconds from now";
            case When.FromChange(long seconds) -> seconds + " seconds from Last-Modified";
            case When.At(var timeOfDay) -> "at " + timeOfDay;
        };
    }

    @Override
    public String whyUnchanged(Exchange exchange, Reply reply) {
        return AddedHeaders.isGood(reply.head().status()) ? "it is off" : "not for " + reply.head().status().code();
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
