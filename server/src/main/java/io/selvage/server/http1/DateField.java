package io.selvage.server.http1;

import io.selvage.server.http.HttpDate;
import java.nio.charset.StandardCharsets;

/// The `Date` field (RFC 9110 §6.6.1), made once a second for all responses.
public final class DateField {
    private static volatile Second current = Second.of(0);     // any thread; the last one to write wins

    /// One second's date.
    ///
    /// @param text the value, empty for no date at all
    /// @param line the whole line with its end
    public record Second(long seconds, String text, byte[] line) {
        /// For a head that gets no `Date`, since it has one.
        public static final Second NONE = new Second(-1, "", new byte[0]);

        private static Second of(long seconds) {
            String text = HttpDate.format(seconds);
            return new Second(seconds, text, ("Date: " + text + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private DateField() {
    }

    /// The date of a time in milliseconds since 1970. Any thread.
    public static Second at(long millis) {
        long seconds = Math.floorDiv(millis, 1000L);
        Second known = current;
        if (known.seconds() != seconds) {
            known = Second.of(seconds);
            current = known;
        }
        return known;
    }
}
