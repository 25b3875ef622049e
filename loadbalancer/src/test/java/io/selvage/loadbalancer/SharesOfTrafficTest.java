package io.selvage.loadbalancer;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

/// Each policy gives each peer a share in proportion to its weight, over many clients.
class SharesOfTrafficTest {
    static Policy[] policies() {
        return Policies.ALL;
    }

    @ParameterizedTest
    @MethodSource("policies")
    void sharesAreProportionalToWeight(Policy policy) {
        for (long seed = 0; seed < 10; seed++) {
            var random = new SplittableRandom(seed);
            int[] weights = {1 + random.nextInt(5), 1 + random.nextInt(5), 1 + random.nextInt(5)};
            int total = weights[0] + weights[1] + weights[2];
            var app = TestUpstream.seeded(seed, policy, "10.0.0.1:80 weight=" + weights[0], "10.0.0.2:80 weight=" + weights[1],
                    "10.0.0.3:80 weight=" + weights[2]);
            int requests = 1000 * total;
            for (int i = 0; i < requests; i++) {
                byte[] client = new byte[4];
                random.nextBytes(client);
                app.upstream.pick(client, new Tried()).ifPresent(lease -> finish(lease, policy));
            }
            for (int i = 0; i < weights.length; i++) {
                long chosen = app.upstream.snapshot().get(i).totals().chosen();
                assertEquals(1000.0 * weights[i], chosen, tolerance(policy) * 1000 * weights[i],
                        "peer " + i + " with seed " + seed);
            }
        }
    }

    /// Leases remain open for policies that count them.
    private static void finish(Lease lease, Policy policy) {
        if (!(policy instanceof Policy.LeastConnections || policy instanceof Policy.RandomTwo
                || policy instanceof Policy.PeakEwmaOfTwo)) {
            lease.close();
        }
    }

    private static double tolerance(Policy policy) {
        return switch (policy) {
            case Policy.RoundRobin() -> 0;
            case Policy.LeastConnections() -> 0.001;
            case Policy.IpHash() -> 0.08;
            case Policy.Hash(boolean consistent) -> consistent ? 0.25 : 0.08;
            case Policy.BoundedHash _ -> 0.25;
            case Policy.Random() -> 0.15;
            case Policy.LeastTime _, Policy.RandomTwo _, Policy.PeakEwmaOfTwo() -> 0.05;
        };
    }
}
