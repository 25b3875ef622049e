package io.selvage.server.observe;

import io.selvage.server.http.Attempt;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/// Latency histograms of exchanges, written to an HdrHistogram interval log (`.hlog`) at the end of each interval. Times are in
/// nanoseconds, and the tag of a line is the name of its series.
///
/// The threads of connections count in [Stripes] and never wait. A thread of the file collects the counts at the end of an
/// interval. A [LogFile] writes the lines, so a full disk does not stop the counting.
///
/// Intervals without a value have no line. The time of day is absolute in every line, so files can be concatenated. See
/// server/decisions/0047.
public final class LatencyFile implements AutoCloseable {
    /// The maximum number of series. For each carrier that counts them all, and once more for the file, they take 21 MiB if
    /// nothing takes longer than an eighth of a second, 36 MiB at most.
    static final int MOST_SERIES = 1000;

    private static final Duration POLL_INTERVAL = Duration.ofMillis(100);
    private static final Duration UNUSED_SERIES_LIFETIME = Duration.ofMinutes(10);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private final String name;
    private final long intervalMillis;
    private final InstantSource clock;
    private final Consumer<String> problems;
    private final Stripes<LatencyStripe> stripes;
    private final LogFile file;
    private final Thread thread;
    private volatile boolean closing;                      // set once, by close()

    private final LatencySeries series;                    // this and the following: only the thread
    private final ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    private final HistogramLogWriter writer = new HistogramLogWriter(new PrintStream(encoded, true, StandardCharsets.ISO_8859_1));
    private long reported;                                     // the part of the dropped ones that was reported

    private LatencyFile(Path path, Duration interval, Stripes.Places places, InstantSource clock,
            Consumer<String> problems) {
        this.name = path.toString();
        this.intervalMillis = interval.toMillis();
        this.clock = clock;
        this.problems = problems;
        int patience = (int) Math.max(1, UNUSED_SERIES_LIFETIME.toMillis() / intervalMillis);
        this.stripes = new Stripes<>(places, () -> new LatencyStripe(new LatencySeries(MOST_SERIES, patience)));
        this.series = new LatencySeries(MOST_SERIES, patience);
        this.file = LogFile.headed(path, this::header, problems);
        this.thread = Thread.ofPlatform().daemon().name("latency " + name).unstarted(this::run);
    }

    /// Opens a file for appending; creates it if it does not exist.
    ///
    /// @param problems receives messages about lost exchanges; must not wait
    static LatencyFile of(Path path, Duration interval, Stripes.Places places, InstantSource clock,
            Consumer<String> problems) {
        LatencyFile file = new LatencyFile(path, interval, places, clock, problems);
        file.thread.start();
        return file;
    }

    /// Counts an exchange, or drops it if too many threads are counting. Any thread; never waits.
    ///
    /// @param location the name of the location that answered
    /// @param wholeNanos from the first byte of the exchange until the answer was sent
    /// @param attempts the attempts at peers, oldest first
    void add(String location, long wholeNanos, List<Attempt> attempts) {
        stripes.update(stripe -> stripe.add(location, wholeNanos, attempts));
    }

    /// Reopens the file by its name, for example after a rotation.
    public void reopen() {
        file.reopen();
    }

    /// Writes the current interval and closes the file. Waits at most two seconds for a stuck disk.
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(thread);
        try {
            thread.join(CLOSE_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        long from = clock.millis();
        while (!closing) {
            long due = (from / intervalMillis + 1) * intervalMillis;
            LockSupport.parkNanos(this, Duration.ofMillis(Math.min(POLL_INTERVAL.toMillis(), due - clock.millis())).toNanos());
            long now = clock.millis();
            if (now >= due || now < from) {                // the latter if the clock was set back
                write(from, now);
                from = now;
            }
        }
        write(from, clock.millis());
        file.close();
    }

    private void write(long from, long to) {
        stripes.forEach(stripe -> stripe.collect(series::add));
        series.endInterval((key, histogram) -> line(key, histogram, from, to));
        long lost = stripes.dropped() - reported;
        if (lost > 0) {
            reported += lost;
            file.line("#[Dropped: " + lost + " exchanges were not counted]");
            problems.accept("latency log \"" + name + "\": " + lost + " exchanges were not counted");
        }
    }

    private void line(LatencyKey key, Histogram histogram, long from, long to) {
        histogram.setTag(key.tag());
        histogram.setStartTimeStamp(Math.min(from, to));
        histogram.setEndTimeStamp(to);
        writer.outputIntervalHistogram(histogram);
        file.line(encoded.toString(StandardCharsets.ISO_8859_1).stripTrailing());
        encoded.reset();
    }

    /// The header at the start of a file, and where an existing file continues. Called by the thread of the log file.
    private byte[] header() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        HistogramLogWriter header = new HistogramLogWriter(new PrintStream(bytes, true, StandardCharsets.ISO_8859_1));
        header.outputComment("[Selvage: durations of exchanges, in nanoseconds]");
        header.outputLogFormatVersion();
        header.outputBaseTime(0);
        header.outputStartTime(clock.millis());
        header.outputLegend();
        return bytes.toByteArray();
    }
}
