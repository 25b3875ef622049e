package io.selvage.server.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// How long an answer may be kept: `expires`.
public sealed interface ExpiresConfig extends Printable {
    Duration A_DAY = Duration.ofDays(1);

    /// Nothing is said.
    record Off() implements ExpiresConfig {}

    /// It is out of date, and has been since 1970.
    record Epoch() implements ExpiresConfig {}

    /// As long as one likes.
    record Max() implements ExpiresConfig {}

    /// For some time from now, or from the last change of the file. A negative time says that it must not be kept.
    record After(Duration time, boolean sinceModified) implements ExpiresConfig {}

    /// Up to a time of the day.
    record At(Duration sinceMidnight) implements ExpiresConfig {}

    /// What a variable says, in the words of the directive.
    ///
    /// @param sinceModified whether a time counts from the last change
    record Said(Template by, boolean sinceModified) implements ExpiresConfig {}

    static ExpiresConfig read(Line line) {
        Argument last = line.argument(line.count() - 1);
        if (line.count() == 2) {
            if (!line.argument(0).is("modified")) {
                line.argument(0).refuse("\"modified\" before a time");
            }
            return last.text().contains("$") ? new Said(last.template(), true) : new After(offset(last), true);
        }
        return switch (last.text()) {
            case "off" -> new Off();
            case "epoch" -> new Epoch();
            case "max" -> new Max();
            case String text when text.startsWith("@") -> new At(timeOfDay(last));
            case String text when text.contains("$") -> new Said(last.template(), false);
            default -> new After(offset(last), false);
        };
    }

    /// What a variable said when a request came; nothing when it is none of the directive's words.
    ///
    /// @param sinceModified whether a time counts from the last change; then only a time will do
    static Optional<ExpiresConfig> parse(String words, boolean sinceModified) {
        if (sinceModified) {
            return time(words).map(time -> new After(time, true));
        }
        return switch (words) {
            case "off" -> Optional.of(new Off());
            case "epoch" -> Optional.of(new Epoch());
            case "max" -> Optional.of(new Max());
            case String text when text.startsWith("@") ->
                time(text.substring(1)).filter(time -> !time.isNegative() && time.compareTo(A_DAY) <= 0).map(At::new);
            default -> time(words).map(time -> new After(time, false));
        };
    }

    private static Optional<Duration> time(String text) {
        boolean negative = text.startsWith("-");
        OptionalLong millis = Values.millis(negative ? text.substring(1) : text);
        if (millis.isEmpty()) {
            return Optional.empty();
        }
        Duration time = Duration.ofMillis(millis.getAsLong());
        return Optional.of(negative ? time.negated() : time);
    }

    private static Duration offset(Argument argument) {
        String text = argument.text();
        boolean negative = text.startsWith("-");
        Duration time = argument.with(negative || text.startsWith("+") ? text.substring(1) : text).time();
        return negative ? time.negated() : time;
    }

    private static Duration timeOfDay(Argument argument) {
        Duration time = argument.with(argument.text().substring(1)).time();
        if (time.compareTo(A_DAY) > 0) {
            argument.refuse("a time of the day");
        }
        return time;
    }

    @Override
    default List<String> words() {
        return switch (this) {
            case Off() -> List.of("off");
            case Epoch() -> List.of("epoch");
            case Max() -> List.of("max");
            case After(var time, boolean sinceModified) -> {
                String offset = time.isNegative() ? "-" + Values.time(time.negated()) : Values.time(time);
                yield sinceModified ? List.of("modified", offset) : List.of(offset);
            }
            case At(var time) -> List.of("@" + Values.time(time));
            case Said(var by, boolean sinceModified) ->
                sinceModified ? List.of("modified", by.toString()) : List.of(by.toString());
        };
    }
}
