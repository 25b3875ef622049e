package io.selvage.server.observe;

import io.selvage.server.net.Io;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// What has passed through the server, for metrics and for the admin API: counts and latencies of each location and peer, of the
/// last fifteen minutes and since the start, and the slowest recent requests.
///
/// The threads of connections count ended exchanges in [Stripes] and never wait. A thread of this object ends the intervals.
/// Readers collect the counts of the stripes first, so they get immutable pictures that contain every exchange which was counted
/// before; a reader may wait for a lock, so no reader runs on a carrier. Thread-safe. See server/decisions/0047.
public final class Traffic implements AutoCloseable {
    /// The length of an interval.
    public static final Duration INTERVAL = Duration.ofSeconds(10);
    /// How long intervals and slow requests are kept.
    public static final Duration WINDOW = Duration.ofMinutes(15);

    /// The maximum number of locations that are counted apart, [TrafficLocation#OTHERS] included.
    static final int MOST_LOCATIONS = 1000;
    private static final long INTERVAL_MILLIS = INTERVAL.toMillis();

    private final InstantSource clock;
    private final Consumer<String> warn;
    private final Stripes<TrafficStripe> stripes;
    private final SlowRequests slow = new SlowRequests((int) WINDOW.toMinutes() + 1);

    private final LatencyHistory latencies = new LatencyHistory(LatencyHistory.MOST_SERIES, INTERVAL);   // all guarded by this
    private final Map<TrafficLocation, Integer> numbers = new HashMap<>();
    private final List<LocationCounter> counters = new ArrayList<>();       // by number
    private final Deque<TrafficInterval> intervals = new ArrayDeque<>();
    private List<LocationCounts> counted = List.of();                       // until the current interval, by number
    private long fromMillis;                                                // the start of the current interval
    private long reported;                                                  // the part of the dropped exchanges that was reported
    private boolean fullReported;
    private @Nullable Thread thread;                                        // until it is closed
    private @Nullable GcPauses pauses;                                      // while they are followed

    Traffic(Stripes.Places places, InstantSource clock, Consumer<String> warn) {
        this.stripes = new Stripes<>(places, TrafficStripe::new);
        this.clock = clock;
        this.warn = warn;
        this.fromMillis = clock.millis();
        location(TrafficLocation.OTHERS);
    }

    /// Starts counting.
    ///
    /// @param warn receives a line when exchanges were not counted or find no series of their own; must not wait
    public static Traffic start(Io io, Consumer<String> warn) {
        Traffic traffic = new Traffic(Stripes.Places.of(io), InstantSource.system(), warn);
        traffic.run();
        return traffic;
    }

    private synchronized void run() {
        thread = Thread.ofPlatform().daemon().name("selvage-traffic").start(this::countUntilClosed);
    }

    /// Remembers the pauses for garbage collection from now on; [#slowest] has them. The JVM makes a dozen objects of each pause,
    /// so this is for a server that shows them.
    public synchronized void followPauses() {
        if (pauses == null) {
            pauses = GcPauses.listen();
        }
    }

    private void countUntilClosed() {
        while (!Thread.currentThread().isInterrupted()) {
            long rest = INTERVAL_MILLIS - clock.millis() % INTERVAL_MILLIS;
            LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(rest));
            count();
        }
    }

    /// The log that counts the exchanges of a location. Equal locations share their counts.
    public synchronized ExchangeLog log(TrafficLocation location) {
        int number = location(location);
        return TrafficLog.of(this, counters.get(number).location(), number);
    }

    /// The number of a location; that of the others if there are too many.
    private int location(TrafficLocation location) {
        Integer known = numbers.get(location);
        if (known == null && counters.size() == MOST_LOCATIONS) {
            reportFull();
            return 0;
        }
        if (known == null) {
            known = counters.size();
            counters.add(new LocationCounter(location));
            numbers.put(location, known);
        }
        return known;
    }

    /// True if this duration makes a request one of the slowest. Any thread; never waits.
    boolean isSlow(long nanos) {
        return slow.isSlow(nanos);
    }

    /// Counts an exchange, or drops it if too many threads are counting. Any thread; never waits.
    ///
    /// @param request what to remember if it was slow
    void add(TrafficStripe.Counted exchange, Supplier<SlowRequest> request) {
        stripes.update(stripe -> {
            stripe.add(exchange);
            if (isSlow(exchange.nanos()) && stripe.isSlow(exchange.nanos()) && !exchange.isTunnel()) {
                stripe.add(request.get());
            }
        });
    }

    /// Collects what was counted, and ends the current interval if it is over.
    synchronized void count() {
        long now = clock.millis();
        stripes.forEach(stripe -> stripe.collect(latencies, counters::get, request -> slow.add(request, now)));
        if (now / INTERVAL_MILLIS != fromMillis / INTERVAL_MILLIS) {
            endInterval(now);
            slow.expire(now);
        }
    }

    private void endInterval(long now) {
        List<LocationCounts> before = counted;
        counted = counters.stream().map(LocationCounter::counts).toList();
        intervals.addLast(new TrafficInterval(Math.min(fromMillis, now), now, latencies.endInterval(), since(before, counted)));
        while (intervals.size() > WINDOW.dividedBy(INTERVAL)) {
            intervals.removeFirst();
        }
        fromMillis = now;
        if (latencies.isFull()) {
            reportFull();
        }
        long lost = stripes.dropped() - reported;
        if (lost > 0) {
            reported += lost;
            warn.accept(lost + " exchanges were not counted in the metrics, because too many ended at once");
        }
    }

    private void reportFull() {
        if (!fullReported) {
            fullReported = true;
            warn.accept("the metrics count at most " + MOST_LOCATIONS + " locations and " + LatencyHistory.MOST_SERIES
                    + " series of durations apart: what exceeds that is counted as \"" + LatencyKey.OTHERS + "\"");
        }
    }

    /// What was counted between two moments, of the locations with exchanges.
    private static List<LocationCounts> since(List<LocationCounts> before, List<LocationCounts> now) {
        List<LocationCounts> changes = new ArrayList<>();
        for (int i = 0; i < now.size(); i++) {
            LocationCounts change = i < before.size() ? now.get(i).since(before.get(i)) : now.get(i);
            if (change.requests() > 0) {
                changes.add(change);
            }
        }
        return changes;
    }

    /// The intervals of the last fifteen minutes, oldest first. The last one is still going on. An interval during which the
    /// server was asleep may be longer than the others.
    public synchronized List<TrafficInterval> intervals() {
        count();
        List<TrafficInterval> all = new ArrayList<>(intervals);
        all.add(new TrafficInterval(fromMillis, Math.max(fromMillis, clock.millis()), latencies.current(),
                since(counted, counters.stream().map(LocationCounter::counts).toList())));
        return all;
    }

    /// The durations, in nanoseconds, of the exchanges that ended in the last time, rounded up to whole intervals.
    ///
    /// @param window values beyond [#WINDOW] give all that is kept
    /// @return histograms of the caller; only series with values
    public Map<LatencyKey, Histogram> latencies(Duration window) {
        List<TrafficInterval> all = intervals();
        long from = all.getLast().toMillis() - window.toMillis();
        Map<LatencyKey, Histogram> sums = new HashMap<>();
        all.stream().filter(interval -> interval.toMillis() > from).forEach(interval -> interval.latencies().forEach((key,
                each) ->
                sums.computeIfAbsent(key, _ -> LatencyHistory.empty()).add(each.histogram())));
        return sums;
    }

    /// The durations, in nanoseconds, of all exchanges since the start. A series without a value for a day is removed.
    ///
    /// @return histograms of the caller
    public synchronized Map<LatencyKey, Histogram> lifetime() {
        count();
        return latencies.lifetime();
    }

    /// The counts of all locations since the start.
    public synchronized List<LocationCounts> counts() {
        count();
        return counters.stream().map(LocationCounter::counts).toList();
    }

    /// The slowest requests of the last fifteen minutes, the slowest first, at most [SlowRequests#MOST], with the pauses that
    /// fell into them if those are followed. A tunnel is not slow.
    public synchronized List<SlowRequest> slowest() {
        count();
        long from = clock.millis() - WINDOW.toMillis();
        List<GcPause> recent = pauses == null ? List.of() : pauses.recent();
        return slow.slowest().stream().filter(request -> request.endedMillis() >= from).map(request -> request.with(
                recent.stream().filter(pause -> pause.overlaps(request.startedMillis(),
                        request.endedMillis())).toList())).toList();
    }

    /// The number of exchanges that were not counted, because too many threads were counting.
    public long dropped() {
        return stripes.dropped();
    }

    /// Stops counting.
    @Override
    public synchronized void close() {
        if (thread != null) {
            thread.interrupt();
            thread = null;
        }
        if (pauses != null) {
            pauses.close();
            pauses = null;
        }
    }
}
