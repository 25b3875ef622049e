package io.selvage.perf.input;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Parses and prints durations: `250ms`, `10s`, `1.5m`, `1h`; a bare number is seconds.
public final class Durations {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)(us|ms|s|m|h)?");

    private Durations() {
    }

    /// Parses a duration.
    ///
    /// @throws UserError if `text` is none
    public static Duration parse(String text) throws UserError {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw new UserError("\"" + text + "\" is not a duration; write 250ms, 10s or 1m");
        }
        double nanosPerUnit = switch (form.group(2)) {
            case "us" -> 1e3;
            case "ms" -> 1e6;
            case "m" -> 60e9;
            case "h" -> 3600e9;
            case null, default -> 1e9;
        };
        return Duration.ofNanos(Math.round(Double.parseDouble(form.group(1)) * nanosPerUnit));
    }

    /// The shortest way to write `duration` that [#parse] reads back to the nearest microsecond.
    public static String print(Duration duration) {
        long micros = duration.toNanos() / 1_000;
        if (micros % 1_000_000 == 0) {
            return micros / 1_000_000 + "s";
        }
        return micros % 1_000 == 0 ? micros / 1_000 + "ms" : micros + "us";
    }
}
