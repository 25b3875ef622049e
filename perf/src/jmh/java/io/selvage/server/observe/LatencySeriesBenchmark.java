package io.selvage.server.observe;

import io.selvage.server.http.Attempt;
import io.selvage.server.http.Status;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Counts one exchange in a latency log: of a file, with one value, and of a proxied request, with ten. The server does this on
/// the thread of the log.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class LatencySeriesBenchmark {
    private final LatencySeries series = new LatencySeries(1000, 600);
    private final RequestTiming[] files = new RequestTiming[1024];
    private final RequestTiming[] proxied = new RequestTiming[1024];
    private int next;

    public LatencySeriesBenchmark() {
        for (int i = 0; i < files.length; i++) {
            long nanos = 20_000L + i * 7919L % 1_000_000;
            files[i] = new RequestTiming("shop.example/static", nanos, List.of());
            proxied[i] = new RequestTiming("shop.example/", nanos * 3, List.of(
                    new Attempt(Attempt.Peer.alone("127.0.0.1:500" + i % 4), Status.OK, nanos / 5, -1, 0, nanos, nanos * 2,
                            new Attempt.Traffic(300, 900, 700))));
        }
    }

    @Benchmark
    public void file() {
        series.add(files[next++ & 1023]);
    }

    @Benchmark
    public void proxied() {
        series.add(proxied[next++ & 1023]);
    }
}
