package io.selvage.server.observe;

import io.selvage.server.http.Attempt;
import io.selvage.server.http.Status;
import java.util.ArrayList;
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
/// the carriers.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class LatencySeriesBenchmark {
    private final LatencySeries series = new LatencySeries(1000, 600);
    private final long[] nanos = new long[1024];
    private final List<List<Attempt>> attempts = new ArrayList<>();
    private int next;

    public LatencySeriesBenchmark() {
        for (int i = 0; i < nanos.length; i++) {
            nanos[i] = 20_000L + i * 7919L % 1_000_000;
            attempts.add(List.of(new Attempt(Attempt.Peer.alone("127.0.0.1:500" + i % 4), Status.OK, nanos[i] / 5, -1, 0,
                    nanos[i], nanos[i] * 2, new Attempt.Traffic(300, 900, 700))));
        }
    }

    @Benchmark
    public void file() {
        series.add("shop.example/static", nanos[next++ & 1023], List.of());
    }

    @Benchmark
    public void proxied() {
        int at = next++ & 1023;
        series.add("shop.example/", nanos[at] * 3, attempts.get(at));
    }
}
