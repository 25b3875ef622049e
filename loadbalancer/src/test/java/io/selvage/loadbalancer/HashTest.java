package io.selvage.loadbalancer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

class HashTest {
    private static final Policy HASH = new Policy.Hash(false);

    /// The expected peers were calculated from the formula in nginx's documentation of `hash`, without this code.
    @ParameterizedTest(name = "{0} goes to {1}")
    @CsvSource({
        // key,     of a b c, of a b c weighing 5 2 1, of a b c when the first is out
        "/,           c, a, a",
        "/index.html, c, a, a",
        "/a,          b, a, a",
        "/b,          c, a, b",
        "user=7,      a, c, c",
        "ключ,        b, c, a"})
    void keyDeterminesThePeer(String text, String equal, String weighted, String next) {
        byte[] key = text.getBytes(UTF_8);
        var app = TestUpstream.of(HASH, "a", "b", "c");

        assertEquals(equal, app.serve(key));
        assertEquals(equal, app.serve(key));
        assertEquals(weighted, TestUpstream.of(HASH, "a weight=5", "b weight=2", "c").serve(key));
        app.fail(equal, 1);
        assertEquals(next, app.serve(key));
    }

    @Test
    void failedRequestTriesEveryPeerOnce() {
        var app = TestUpstream.of(HASH, "a", "b", "c");

        assertEquals("c a b -", app.failEverywhere("/".getBytes(UTF_8)));
    }

    @Test
    void emptyKeysTakeTurns() {
        assertEquals("a b c a", TestUpstream.of(HASH, "a", "b", "c").serve(4));
        assertEquals("a b c a", TestUpstream.of(new Policy.Hash(true), "a", "b", "c").serve(4));
    }
}
