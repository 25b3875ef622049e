package io.selvage.server.http;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The time of day in header fields, in whole seconds since 1970 (RFC 9110 §5.6.7).
///
/// One form is written and three are understood. What no calendar has (a wrong day of the week, a 30th of February) is no date.
public final class HttpDate {
    private static final DateTimeFormatter IMF_FIXDATE = strict("EEE, dd MMM uuuu HH:mm:ss 'GMT'");
    private static final DateTimeFormatter ASCTIME = strict("EEE MMM ppd HH:mm:ss uuuu");
    private static final Pattern RFC_850 =
            Pattern.compile("(Sun|Mon|Tue|Wed|Thu|Fri|Sat)(?:|s|nes|rs|ur)day, (\\d\\d)-(\\w{3})-(\\d\\d) ([\\d:]{8} GMT)");
    private static final int LONGEST = "Wednesday, 09-Nov-94 08:49:37 GMT".length();

    private HttpDate() {
    }

    /// The IMF-fixdate, such as `Sun, 06 Nov 1994 08:49:37 GMT`. For years from 0 to 9999.
    public static String format(long seconds) {
        return IMF_FIXDATE.format(LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC));
    }

    /// The time that a field value names, or nothing for what is no date.
    ///
    /// @param now in seconds since 1970: a year of two digits is the one that is at most 50 years ahead of it
    public static OptionalLong parse(String text, long now) {
        if (text.length() > LONGEST || text.length() < 4) {
            return OptionalLong.empty();
        }
        if (text.charAt(3) == ',') {
            return parse(text, IMF_FIXDATE);
        }
        Matcher old = RFC_850.matcher(text);
        return old.matches() ? parse(withFullYear(old, now), IMF_FIXDATE) : parse(text, ASCTIME);
    }

    private static OptionalLong parse(String text, DateTimeFormatter form) {
        try {
            return OptionalLong.of(LocalDateTime.parse(text, form).toEpochSecond(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            return OptionalLong.empty();
        }
    }

    private static String withFullYear(Matcher old, long now) {
        int latest = LocalDateTime.ofEpochSecond(now, 0, ZoneOffset.UTC).getYear() + 50;
        int year = latest - Math.floorMod(latest - Integer.parseInt(old.group(4)), 100);
        return "%s, %s %s %04d %s".formatted(old.group(1), old.group(2), old.group(3), year, old.group(5));
    }

    private static DateTimeFormatter strict(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withResolverStyle(ResolverStyle.STRICT);
    }
}
