package io.selvage.server.observe;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// The time of day in the formats of logs, in the zone of the machine. The texts of one second are formatted once.
public final class LogTime {
    private static final DateTimeFormatter LOCAL = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss xx", Locale.ROOT);
    private static final DateTimeFormatter ISO = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssxxx", Locale.ROOT);
    private static final DateTimeFormatter ERROR = DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter SYSLOG = DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss", Locale.ROOT);

    /// The length of a time up to its seconds.
    private static final int ISO_SECONDS = 19;

    private final InstantSource clock;
    private final ZoneId zone;
    private volatile Words words = new Words(Long.MIN_VALUE, "", "", "", "");   // replaced by any thread that finds it outdated

    public LogTime(InstantSource clock, ZoneId zone) {
        this.clock = clock;
        this.zone = zone;
    }

    /// The clock and zone of the machine.
    public static LogTime system() {
        return new LogTime(InstantSource.system(), ZoneId.systemDefault());
    }

    /// Milliseconds since 1970.
    public long millis() {
        return clock.millis();
    }

    /// `28/Sep/2026:17:03:09 +0200`; `$time_local`.
    public String local() {
        return now().local;
    }

    /// `2026-09-28T17:03:09+02:00`; `$time_iso8601`.
    public String iso() {
        return now().iso;
    }

    /// `2026-09-28T17:03:09.042+02:00` (RFC 3339).
    public String isoMillis() {
        long millis = Math.floorMod(millis(), 1000L);
        String iso = iso();
        return iso.substring(0, ISO_SECONDS) + "." + Long.toString(1000 + millis).substring(1) + iso.substring(ISO_SECONDS);
    }

    /// `2026/09/28 17:03:09`, as lines of the error log begin.
    public String error() {
        return now().error;
    }

    /// `Sep  8 17:03:09`, as messages to syslog begin (RFC 3164 §4.1.2).
    public String syslog() {
        return now().syslog;
    }

    /// Seconds and thousandths since 1970, `1790607789.042`; `$msec`.
    public String msec() {
        return seconds(millis());
    }

    /// Formats a duration or a time in milliseconds as seconds with three decimals; negative values as zero.
    public static String seconds(long millis) {
        long span = Math.max(0, millis);
        String decimals = Long.toString(1000 + span % 1000);
        return span / 1000 + "." + decimals.substring(1);
    }

    private Words now() {
        long second = Math.floorDiv(clock.millis(), 1000);
        Words known = words;
        if (known.second != second) {
            ZonedDateTime time = Instant.ofEpochSecond(second).atZone(zone);
            known = new Words(second, LOCAL.format(time), ISO.format(time), ERROR.format(time), SYSLOG.format(time));
            words = known;
        }
        return known;
    }

    private record Words(long second, String local, String iso, String error, String syslog) {
    }
}
