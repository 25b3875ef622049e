package io.selvage.server.observe;

import io.selvage.server.http.Exchange;
import io.selvage.server.http.Text;

/// Sends one message to syslog for each completed exchange (`access_log syslog:`).
///
/// @param server the syslog server
/// @param header the beginning of the messages
/// @param level the severity of the messages
/// @param format the format of the messages
/// @param condition an exchange is logged unless this is empty or `0` (`if=`)
/// @param time the clock for the beginning of messages
public record SyslogAccessLog(LogFile server, SyslogHeader header, SyslogHeader.Level level, LogFormat format, Text condition,
        LogTime time) implements ExchangeLog {

    @Override
    public void log(Exchange exchange) {
        if (AccessLog.isWanted(condition, exchange)) {
            server.line(header.text(level, time) + format.line(exchange));
        }
    }

    @Override
    public String describe(Exchange exchange) {
        return AccessLog.described(server.name(), format, condition);
    }
}
