package io.selvage.server.http1;

import io.selvage.server.http.HttpDate;

/// The value of `Date`, formatted once a second for everybody.
final class DateField {
    private static volatile Second current = new Second(0, HttpDate.format(0));    // any thread; the last one to write wins

    private record Second(long seconds, String text) {
    }

    private DateField() {
    }

    static String at(long millis) {
        long seconds = Math.floorDiv(millis, 1000L);
        Second known = current;
        if (known.seconds() != seconds) {
            known = new Second(seconds, HttpDate.format(seconds));
            current = known;
        }
        return known.text();
    }
}
