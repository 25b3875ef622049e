package io.selvage.loadbalancer;

import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

/// Policies by key or random number try 21 candidates and then leave the choice to round robin, which begins with b.
class GivingUpTest {
    private static final String[] MOSTLY_DOWN = {"a weight=40 down", "b", "c"};

    /// The keys were calculated without this code: for the first, candidates 1 to 20 are a and the next is c;
    /// for the second, candidates 1 to 21 are a and the next is c.
    @ParameterizedTest(name = "consistent {0}")
    @CsvSource({
        "false, key193, key1205",
        "true,  key109, key0"})
    void policiesByKeyGiveUp(boolean consistent, String inTime, String tooLate) {
        assertEquals("c", TestUpstream.of(new Policy.Hash(consistent), MOSTLY_DOWN).serve(inTime.getBytes(UTF_8)));
        assertEquals("b", TestUpstream.of(new Policy.Hash(consistent), MOSTLY_DOWN).serve(tooLate.getBytes(UTF_8)));
    }

    @Test
    void ipHashGivesUp() {
        assertEquals("c", TestUpstream.of(new Policy.IpHash(), MOSTLY_DOWN).serve(new byte[] {10, 0, 5, 1}));
        assertEquals("b", TestUpstream.of(new Policy.IpHash(), MOSTLY_DOWN).serve(new byte[] {10, 0, 21, 1}));
    }

    @Test
    void randomGivesUp() {
        assertEquals("c", chosen(new Policy.Random(), 20, 41));
        assertEquals("b", chosen(new Policy.Random(), 21, 41));
    }

    @Test
    void randomTwoGivesUp() {
        assertEquals("c", chosen(new Policy.RandomTwo(), 20, 40, 41));
        assertEquals("b", chosen(new Policy.RandomTwo(), 21, 40, 41));
    }

    /// The choice when the random numbers select a this often, and then the peers at these places: 40 is b, 41 is c.
    private static String chosen(Policy policy, int timesA, int... places) {
        var chance = new RandomGenerator() {
            private int asked;

            @Override
            public long nextLong() {
                throw new UnsupportedOperationException();
            }

            @Override
            public int nextInt(int bound) {
                int index = asked++ - timesA;
                return index < 0 ? 0 : places[index];
            }
        };
        var upstream = new Upstream(TestUpstream.spec(policy, MOSTLY_DOWN), new PeerStates(), () -> 0, chance);
        return upstream.pick(TestUpstream.NO_KEY, new Tried()).orElseThrow().address();
    }
}
