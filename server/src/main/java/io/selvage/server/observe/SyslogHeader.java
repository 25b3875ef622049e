package io.selvage.server.observe;

import java.util.Locale;

/// The beginning of messages to syslog, as nginx writes it (RFC 3164 §4.1): `<190>Sep 28 17:03:09 host nginx: `.
///
/// @param facility 0 to 23
/// @param tag names the program: letters, digits and underscores
/// @param host names the machine; empty to leave it out (`nohostname`)
public record SyslogHeader(int facility, String tag, String host) {

    /// The severities of syslog, from 0 (RFC 3164 §4.1.1).
    public enum Level {
        EMERG, ALERT, CRIT, ERROR, WARN, NOTICE, INFO, DEBUG;

        static Level of(Severity severity) {
            return valueOf(severity.name());
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// The beginning of a message that is sent now.
    String text(Level level, LogTime time) {
        int priority = 8 * facility + level.ordinal();
        return "<" + priority + ">" + time.syslog() + " " + (host.isEmpty() ? "" : host + " ") + tag + ": ";
    }
}
