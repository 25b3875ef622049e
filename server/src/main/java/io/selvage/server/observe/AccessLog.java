package io.selvage.server.observe;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Explanation;
import io.selvage.server.http.Text;
import java.util.Optional;
import java.util.function.Function;

/// Writes one line for each completed exchange (`access_log`).
///
/// @param file the file for the line of an exchange; empty for none
/// @param name of the file as it is written
/// @param format the format of the lines
/// @param condition an exchange is logged unless this is empty or `0` (`if=`)
public record AccessLog(Function<Exchange, Optional<LogFile>> file, String name, LogFormat format, Text condition)
        implements ExchangeLog {
    /// The condition of a log without `if=`; recognised by its identity.
    public static final Text ALWAYS = Text.literal("1");

    /// A log that writes all lines to one file.
    public static AccessLog to(LogFile file, LogFormat format, Text condition) {
        Optional<LogFile> always = Optional.of(file);
        return new AccessLog(_ -> always, file.name(), format, condition);
    }

    @Override
    public void log(Exchange exchange) {
        if (isWanted(condition, exchange)) {
            file.apply(exchange).ifPresent(to -> to.line(format.line(exchange)));
        }
    }

    @Override
    public String describe(Exchange exchange) {
        return described(name, format, condition);
    }

    static String described(String name, LogFormat format, Text condition) {
        String restriction = condition == ALWAYS ? "" : ", if " + Explanation.written(condition) + " is neither empty nor 0";
        return name + ", format " + format.name() + restriction;
    }

    static boolean isWanted(Text condition, Exchange exchange) {
        String wanted = condition.apply(exchange);
        return !wanted.isEmpty() && !wanted.equals("0");
    }
}
