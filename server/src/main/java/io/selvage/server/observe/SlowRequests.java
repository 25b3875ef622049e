package io.selvage.server.observe;

import io.selvage.server.http.Attempt;
import io.selvage.server.http.Exchange;
import io.selvage.server.net.ByteText;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/// The slowest requests of the last minutes. The slowest of each minute are kept, so that those of any number of minutes are
/// known when the ones before them have left. For one thread at a time, except [#isSlow].
final class SlowRequests {
    /// The maximum number for a minute, and for all together.
    static final int MOST = 25;
    static final int MOST_METHOD = 32;
    static final int MOST_PATH = 256;
    static final int MOST_ATTEMPTS = 16;

    private static final long MINUTE_MILLIS = 60_000;

    private final int minutes;
    private final Deque<Minute> kept = new ArrayDeque<>();
    private volatile long thresholdNanos = -1;             // of the current minute; written by the one thread, read by any

    private record Minute(long number, SlowRequestHeap slowest) {
    }

    /// @param minutes how many are kept
    SlowRequests(int minutes) {
        this.minutes = minutes;
    }

    /// True if a request of this duration belongs to the slowest of the current minute. Any thread.
    boolean isSlow(long nanos) {
        return nanos > thresholdNanos;
    }

    /// The request of an exchange that has ended, cut to the bounds.
    static SlowRequest request(Exchange exchange, TrafficLocation location, int status, long nanos) {
        String target = exchange.request().target().raw();
        int query = target.indexOf('?');
        String path = query < 0 ? target : target.substring(0, query);
        List<Attempt> attempts = exchange.upstream().attempts();
        return new SlowRequest(exchange.startedMillis(), nanos, cut(exchange.request().method().toString(), MOST_METHOD),
                cut(ByteText.decode(path), MOST_PATH), status, location,
                attempts.subList(Math.max(0, attempts.size() - MOST_ATTEMPTS), attempts.size()), List.of());
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most - 1) + "\u2026";
    }

    /// Adds a request that has just ended.
    void add(SlowRequest request, long nowMillis) {
        SlowRequestHeap slowest = minute(nowMillis).slowest();
        slowest.add(request);
        thresholdNanos = slowest.thresholdNanos();
    }

    /// Removes what is too old.
    void expire(long nowMillis) {
        thresholdNanos = minute(nowMillis).slowest().thresholdNanos();
    }

    private Minute minute(long nowMillis) {
        long number = nowMillis / MINUTE_MILLIS;
        if (kept.isEmpty() || kept.getLast().number() != number) {
            kept.addLast(new Minute(number, new SlowRequestHeap()));
            while (kept.getFirst().number() <= number - minutes || kept.size() > minutes) {
                kept.removeFirst();
            }
        }
        return kept.getLast();
    }

    /// The slowest first.
    List<SlowRequest> slowest() {
        return kept.stream().flatMap(minute -> minute.slowest().stream())
                .sorted(Comparator.comparingLong(SlowRequest::nanos).reversed()).limit(MOST).toList();
    }
}
