package io.selvage.loadbalancer;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class ConsistentHashTest {
    private static final Policy KETAMA = new Policy.Hash(true);
    private static final String[] FIVE = {
        "10.0.0.1:8001", "10.0.0.2:8001", "[::1]:8001 weight=2", "unix:/run/app.sock", "backend"};

    /// The expected peers were calculated without this code.
    @ParameterizedTest(name = "{0} goes to {1}, else to {2}")
    @CsvSource({
        "/,              unix:/run/app.sock, [::1]:8001",
        "/index.html,    10.0.0.1:8001,      [::1]:8001",
        "/a,             10.0.0.2:8001,      unix:/run/app.sock",
        "/b,             10.0.0.2:8001,      backend",
        "ключ,           [::1]:8001,         backend",
        "/static/app.js, [::1]:8001,         10.0.0.1:8001",
        "q,              10.0.0.1:8001,      unix:/run/app.sock",
        "e,              unix:/run/app.sock, 10.0.0.2:8001",
        "k1025,          [::1]:8001,         backend"})   // past the last point: wraps to the first
    void ringEqualsThatOfMemcachedClients(String text, String owner, String next) {
        byte[] key = text.getBytes(UTF_8);
        var app = TestUpstream.of(KETAMA, FIVE);

        assertEquals(owner, app.serve(key));
        app.fail(owner, 1);
        assertEquals(next, app.serve(key));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 10, 40})
    void onlyKeysOfARemovedPeerMove(int peers) {
        List<PeerSpec> all = IntStream.range(0, peers).mapToObj(i -> PeerSpec.of("10.0.0." + i + ":80")).toList();
        Upstream before = upstreamOf(all);
        Upstream after = upstreamOf(all.subList(1, peers));
        String gone = all.getFirst().address();
        int keys = 10_000;
        int moved = 0;
        for (int i = 0; i < keys; i++) {
            byte[] key = ("user=" + i).getBytes(UTF_8);
            String was = before.pick(key, new Tried()).orElseThrow().address();
            String is = after.pick(key, new Tried()).orElseThrow().address();
            if (was.equals(gone)) {
                moved++;
            } else {
                assertEquals(was, is);
            }
        }
        double share = (double) moved / keys;
        assertTrue(share > 0.6 / peers && share < 1.5 / peers, "moved " + share);
    }

    private static Upstream upstreamOf(List<PeerSpec> peers) {
        return new Upstream(new UpstreamSpec("app", peers, KETAMA), new PeerStates(), () -> 0, new SplittableRandom(1));
    }

    @Test
    void addressesOfOneNameTakeTurns() {
        var app = TestUpstream.of(KETAMA, "10.0.0.1:80 server=one", "10.0.0.2:80 server=one", "10.0.0.3:80 server=two");
        byte[] ofOne = keyOf("one");
        byte[] ofTwo = keyOf("two");

        assertEquals("10.0.0.1:80", app.serve(ofOne));
        assertEquals("10.0.0.2:80", app.serve(ofOne));
        assertEquals("10.0.0.1:80", app.serve(ofOne));
        assertEquals("10.0.0.3:80", app.serve(ofTwo));
    }

    @Test
    void nameKeepsItsKeysWhenItsAddressChanges() {
        var app = TestUpstream.of(KETAMA, "10.9.9.9:80 server=one", "10.0.0.3:80 server=two");

        assertEquals("10.9.9.9:80", app.serve(keyOf("one")));
        assertEquals("10.0.0.3:80", app.serve(keyOf("two")));
    }

    /// A key whose point belongs to this one of the servers `one` and `two`.
    private static byte[] keyOf(String server) {
        var names = TestUpstream.of(KETAMA, "one", "two");
        return IntStream.range(0, 100).mapToObj(i -> ("key" + i).getBytes(UTF_8))
                .filter(key -> names.serve(key).equals(server)).findFirst().orElseThrow();
    }

    @Test
    void failedRequestTriesEveryPeerOnce() {
        var app = TestUpstream.of(KETAMA, "a", "b", "c");

        assertEquals(List.of("-", "a", "b", "c"),
                Arrays.stream(app.failEverywhere("/".getBytes(UTF_8)).split(" ")).sorted().toList());
    }
}
