package io.selvage.server.config;

import java.time.Duration;
import java.util.OptionalLong;

/// Numbers, sizes and times, as they are written.
public final class Values {
    private static final String[] TIME_UNITS = {"y", "M", "w", "d", "h", "m", "s", "ms"};
    private static final long SECOND = 1000;
    private static final long DAY = 86_400 * SECOND;
    private static final long[] TIME_MILLIS =
        {365 * DAY, 30 * DAY, 7 * DAY, DAY, 3600 * SECOND, 60 * SECOND, SECOND, 1};

    private static final long LONGEST = 1000 * TIME_MILLIS[0];

    private Values() {}

    /// Digits only; nothing for anything else, and for more than eighteen digits.
    public static OptionalLong number(String text) {
        boolean digits = !text.isEmpty() && text.length() <= 18 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
    }

    /// Bytes: a number, or one with `k`, `m` or `g` behind it in either case.
    public static OptionalLong size(String text) {
        int shift = text.isEmpty() ? 0 : switch (text.charAt(text.length() - 1)) {
            case 'k', 'K' -> 10;
            case 'm', 'M' -> 20;
            case 'g', 'G' -> 30;
            default -> 0;
        };
        OptionalLong number = number(shift == 0 ? text : text.substring(0, text.length() - 1));
        boolean fits = number.isPresent() && number.getAsLong() <= Long.MAX_VALUE >> shift;
        return fits ? OptionalLong.of(number.getAsLong() << shift) : OptionalLong.empty();
    }

    /// Milliseconds: numbers with falling units `y M w d h m s ms`, spaces allowed between them; a number without
    /// a unit is seconds and ends the text. Nothing if one of the numbers is beyond a thousand years.
    public static OptionalLong millis(String text) {
        long sum = 0;
        int unit = 0;
        int at = 0;
        while (at < text.length()) {
            int digits = at;
            while (at < text.length() && Character.isDigit(text.charAt(at))) {
                at++;
            }
            OptionalLong number = number(text.substring(digits, at));
            int letters = at;
            while (at < text.length() && Character.isLetter(text.charAt(at))) {
                at++;
            }
            unit = unit(text.substring(letters, at), unit);
            boolean lastWithoutUnit = letters < at || at == text.length();
            if (unit < 0 || !lastWithoutUnit || number.isEmpty() || number.getAsLong() > LONGEST / TIME_MILLIS[unit]) {
                return OptionalLong.empty();
            }
            sum += number.getAsLong() * TIME_MILLIS[unit++];
            while (at < text.length() && text.charAt(at) == ' ') {
                at++;
            }
        }
        return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(sum);
    }

    private static int unit(String name, int from) {
        for (int unit = from; unit < TIME_UNITS.length; unit++) {
            if (TIME_UNITS[unit].equals(name.isEmpty() ? "s" : name)) {
                return unit;
            }
        }
        return -1;
    }

    /// A size as it is written: with the largest unit of which it is a multiple.
    public static String size(long bytes) {
        for (int shift = 30; shift > 0; shift -= 10) {
            if (bytes != 0 && bytes % (1L << shift) == 0) {
                return (bytes >> shift) + (shift == 30 ? "g" : shift == 20 ? "m" : "k");
            }
        }
        return Long.toString(bytes);
    }

    /// A time as it is written: seconds, and milliseconds where there are any (`1s500ms`).
    public static String time(Duration time) {
        long millis = time.toMillis();
        return millis % SECOND == 0 ? millis / SECOND + "s" : millis / SECOND + "s" + millis % SECOND + "ms";
    }
}
