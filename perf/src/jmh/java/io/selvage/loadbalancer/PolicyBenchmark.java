package io.selvage.loadbalancer;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Takes a lease, reports success and closes it, with each policy and eight peers.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class PolicyBenchmark {
    private static final int PEERS = 8;
    private static final int KEYS = 256;

    @Param({"round-robin", "least-connections", "ip-hash", "hash", "consistent-hash", "bounded-hash", "random", "random-two",
        "peak-ewma"})
    private String policy = "";

    private final byte[][] keys = IntStream.range(0, KEYS).mapToObj(i -> new byte[] {10, (byte) i, (byte) (7 * i), 1})
            .toArray(byte[][]::new);
    private Upstream upstream = upstream(new Policy.RoundRobin());
    private int next;

    @Setup
    public void build() {
        upstream = upstream(switch (policy) {
            case "round-robin" -> new Policy.RoundRobin();
            case "least-connections" -> new Policy.LeastConnections();
            case "ip-hash" -> new Policy.IpHash();
            case "hash" -> new Policy.Hash(false);
            case "consistent-hash" -> new Policy.Hash(true);
            case "bounded-hash" -> new Policy.BoundedHash(1.25);
            case "random" -> new Policy.Random();
            case "random-two" -> new Policy.RandomTwo();
            case "peak-ewma" -> new Policy.PeakEwmaOfTwo();
            default -> throw new IllegalArgumentException(policy);
        });
    }

    @Benchmark
    public String pick() {
        try (Lease lease = upstream.pick(keys[next++ & KEYS - 1], new Tried()).orElseThrow()) {
            lease.headReceived(200);
            lease.succeeded();
            return lease.address();
        }
    }

    private static Upstream upstream(Policy policy) {
        var peers = IntStream.range(0, PEERS).mapToObj(i -> PeerSpec.of("127.0.0.1:" + (8000 + i))).toList();
        return new Upstream(new UpstreamSpec("app", peers, policy), new PeerStates(), System::nanoTime, new SplittableRandom(1));
    }
}
