package io.selvage.loadbalancer;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/// Consistent hashing with bounded loads.
class BoundedHashTest {
    private static final String[] SERVERS = {"10.0.0.1:80", "10.0.0.2:80 weight=2", "10.0.0.3:80", "10.0.0.4:80 weight=4"};

    private static byte[] key(int number) {
        return ("key-" + number).getBytes(UTF_8);
    }

    @Test
    void keysGoWhereConsistentHashingSendsThem() {
        TestUpstream plain = TestUpstream.of(new Policy.Hash(true), SERVERS);
        TestUpstream bounded = TestUpstream.of(new Policy.BoundedHash(1.25), SERVERS);
        for (int i = 0; i < 500; i++) {
            assertEquals(plain.serve(key(i)), bounded.serve(key(i)));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 1.25, 2})
    void noPeerExceedsTheFactor(double factor) {
        for (long seed = 0; seed < 20; seed++) {
            var random = new SplittableRandom(seed);
            TestUpstream app = TestUpstream.seeded(seed, new Policy.BoundedHash(factor), SERVERS);
            List<Lease> open = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                if (random.nextInt(3) > 0 || open.isEmpty()) {
                    // Few keys, of which one is frequent
                    Lease lease = app.lease("key-" + Math.max(0, random.nextInt(8) - 4)).orElseThrow();
                    open.add(lease);
                    long bound = (long) Math.ceil(factor * open.size() / 8 * lease.peer().weight());
                    assertTrue(app.snapshotOf(lease.address()).inFlight() <= bound, lease.address() + " with seed " + seed);
                } else {
                    open.remove(random.nextInt(open.size())).close();
                }
            }
        }
    }

    @Test
    void frequentKeySpillsToTheNextServersOnly() {
        TestUpstream app = TestUpstream.of(new Policy.BoundedHash(2), "10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80", "10.0.0.4:80");
        List<String> addresses = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            addresses.add(app.lease("key").orElseThrow().address());
        }
        assertEquals(4, addresses.stream().filter(addresses.getFirst()::equals).count(), addresses::toString);
        assertTrue(addresses.stream().distinct().count() <= 3, addresses::toString);
    }

    @Test
    void peersThatCannotBeUsedDoNotCount() {
        TestUpstream app = TestUpstream.of(new Policy.BoundedHash(1.25), "10.0.0.1:80 down", "10.0.0.2:80", "10.0.0.3:80 down");
        for (int i = 0; i < 20; i++) {
            assertEquals("10.0.0.2:80", app.lease("key").orElseThrow().address());
        }
    }

    @Test
    void requestsWithoutKeyTakeTurns() {
        assertEquals("a b a b", TestUpstream.of(new Policy.BoundedHash(1.25), "a", "b").serve(4));
    }

    @Test
    void factorIsChecked() {
        assertThrows(IllegalArgumentException.class, () -> new Policy.BoundedHash(0.99));
        assertThrows(IllegalArgumentException.class, () -> new Policy.BoundedHash(Double.NaN));
        assertThrows(IllegalArgumentException.class, () -> new Policy.BoundedHash(101));
    }
}
