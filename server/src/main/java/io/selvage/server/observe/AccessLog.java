package io.selvage.server.observe;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Text;

/// One line for each exchange that is over (`access_log`).
///
/// @param file where the lines go
/// @param format what they say
/// @param condition the exchange is logged unless this is empty or `0` (`if=`)
public record AccessLog(LogFile file, LogFormat format, Text condition) {
    public static final Text ALWAYS = Text.literal("1");

    /// Writes the line. Called once the exchange is over; never waits.
    public void log(Exchange exchange) {
        String wanted = condition.apply(exchange);
        if (!wanted.isEmpty() && !wanted.equals("0")) {
            file.line(format.line(exchange));
        }
    }
}
