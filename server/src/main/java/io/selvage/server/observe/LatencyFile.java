package io.selvage.server.observe;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;

/// Histograms of what exchanges took, written to an HdrHistogram interval log (`.hlog`) each time an interval is over. Times
/// are in nanoseconds, and the tag of a line is the name of its series.
///
/// Who has an exchange to tell of puts it into a bounded queue and goes on: an exchange without peers as one number, which makes
/// no garbage. There are queues for each carrier, so that they do not share a cache line. A thread of the file's own empties the
/// queues many times a second and counts; nobody else touches a histogram. Lines are handed on to a [LogFile], so a full disk
/// does not keep it from counting.
///
/// Intervals without a value leave no line. Times of day are absolute in every line, so that parts of a file, and files, can be
/// put behind each other.
public final class LatencyFile implements AutoCloseable {
    /// The most exchanges that wait in one queue; it is a power of two.
    static final int MOST_WAITING = 16_384;
    /// The most series at a time. They take 21 MiB when nothing takes longer than an eighth of a second, 36 MiB at the most.
    static final int MOST_SERIES = 1000;

    /// Above the bits of a time stands the number of its location, of which there can be two million.
    private static final int TIME_BITS = 42;
    private static final Duration REST = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration FAREWELL = Duration.ofSeconds(2);

    private final String name;
    private final long intervalMillis;
    private final IntSupplier place;
    private final InstantSource clock;
    private final Consumer<String> complaints;
    private final List<MpscAtomicArrayQueue<RequestTiming>> queues;   // a power of two of them
    private final List<NumberRing> numbers;                // as many
    private final List<String> locations = new CopyOnWriteArrayList<>();   // by their numbers; only ever longer
    private final AtomicLong dropped = new AtomicLong();
    private final LogFile file;
    private final Thread thread;
    private volatile boolean closing;                      // set once, by close()

    private final LatencySeries series;                    // this and the rest: the thread's own
    private final ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    private final HistogramLogWriter writer = new HistogramLogWriter(new PrintStream(encoded, true, StandardCharsets.ISO_8859_1));
    private long told;                                     // of those that were dropped

    private LatencyFile(Path path, Duration interval, int places, IntSupplier place, InstantSource clock,
            Consumer<String> complaints) {
        this.name = path.toString();
        this.intervalMillis = interval.toMillis();
        this.place = place;
        this.clock = clock;
        this.complaints = complaints;
        int count = Integer.highestOneBit(Math.max(1, places * 2 - 1));
        this.queues = Stream.generate(() -> new MpscAtomicArrayQueue<RequestTiming>(MOST_WAITING)).limit(count).toList();
        this.numbers = Stream.generate(() -> new NumberRing(MOST_WAITING)).limit(count).toList();
        this.series = new LatencySeries(MOST_SERIES, (int) Math.max(1, PATIENCE.toMillis() / intervalMillis));
        this.file = LogFile.headed(path, this::header, complaints);
        this.thread = Thread.ofPlatform().daemon().name("latency " + name).unstarted(this::run);
    }

    /// A file, made when it is not there and written at its end.
    ///
    /// @param places how many queues there should be at least
    /// @param place which one is the calling thread's; any number
    /// @param complaints told when something is lost; must not wait
    public static LatencyFile of(Path path, Duration interval, int places, IntSupplier place, InstantSource clock,
            Consumer<String> complaints) {
        LatencyFile file = new LatencyFile(path, interval, places, place, clock, complaints);
        file.thread.start();
        return file;
    }

    /// The number of a location, the same whenever it is asked for.
    public synchronized int location(String location) {
        int known = locations.indexOf(location);
        if (known < 0) {
            locations.add(location);
        }
        return known < 0 ? locations.size() - 1 : known;
    }

    /// Has an exchange counted, or drops it where the thread cannot keep up. Any thread; never waits.
    void add(RequestTiming took) {
        if (!queues.get(place.getAsInt() & queues.size() - 1).offer(took)) {
            dropped.incrementAndGet();
        }
    }

    /// The same for one that no peer was asked for.
    ///
    /// @param location its number
    void add(int location, long wholeNanos) {
        long number = (long) location << TIME_BITS | Math.clamp(wholeNanos, 0, LatencySeriesSet.LONGEST) + 1;
        if (!numbers.get(place.getAsInt() & numbers.size() - 1).offer(number)) {
            dropped.incrementAndGet();
        }
    }

    /// Exchanges that found no room.
    long dropped() {
        return dropped.get();
    }

    /// Opens the file anew by its name, as after a rotation.
    public void reopen() {
        file.reopen();
    }

    /// Writes the interval that runs, and closes the file. Waits a short while for a stuck disk, then leaves it alone.
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        try {
            thread.join(FAREWELL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        long from = clock.millis();
        while (!closing) {
            long due = (from / intervalMillis + 1) * intervalMillis;
            LockSupport.parkNanos(this, Duration.ofMillis(Math.min(REST.toMillis(), due - clock.millis())).toNanos());
            takeAll();
            long now = clock.millis();
            if (now >= due || now < from) {                // the latter when the clock was set back
                write(from, now);
                from = now;
            }
        }
        takeAll();
        write(from, clock.millis());
        file.close();
    }

    private void takeAll() {
        for (MpscAtomicArrayQueue<RequestTiming> queue : queues) {
            queue.drain(series::add, MOST_WAITING);
        }
        for (NumberRing ring : numbers) {
            ring.drain(this::take);
        }
    }

    private void take(long number) {
        series.add(locations.get((int) (number >>> TIME_BITS)), (number & (1L << TIME_BITS) - 1) - 1);
    }

    private void write(long from, long to) {
        series.endInterval(histogram -> line(histogram, from, to));
        long lost = dropped.get() - told;
        if (lost > 0) {
            told += lost;
            file.line("#[Dropped: " + lost + " exchanges were not counted]");
            complaints.accept("latency log \"" + name + "\": " + lost + " exchanges were not counted");
        }
    }

    private void line(Histogram histogram, long from, long to) {
        histogram.setStartTimeStamp(Math.min(from, to));
        histogram.setEndTimeStamp(to);
        writer.outputIntervalHistogram(histogram);
        file.line(encoded.toString(StandardCharsets.ISO_8859_1).stripTrailing());
        encoded.reset();
    }

    /// What stands at the beginning of a file, and where an old one goes on. Called by the thread of the log file.
    private byte[] header() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        HistogramLogWriter header = new HistogramLogWriter(new PrintStream(bytes, true, StandardCharsets.ISO_8859_1));
        header.outputComment("[Selvage: what exchanges took, in nanoseconds]");
        header.outputLogFormatVersion();
        header.outputBaseTime(0);
        header.outputStartTime(clock.millis());
        header.outputLegend();
        return bytes.toByteArray();
    }
}
