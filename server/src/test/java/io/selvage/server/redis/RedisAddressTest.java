package io.selvage.server.redis;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RedisAddressTest {

    @Test
    void addressIsShownWithoutItsPassword() {
        assertEquals("redis://cache.example:6379", new RedisAddress("redis://cache.example").toString());
        assertEquals("rediss://cache.example:7000", new RedisAddress("rediss://a:secret@cache.example:7000/3").toString());
    }

    @Test
    void answersAreWaitedForATenthOfASecondUnlessTheAddressSaysElse() {
        assertEquals(Duration.ofMillis(100), new RedisAddress("redis://cache.example").timeout());
        assertEquals(Duration.ofMillis(20), new RedisAddress("redis://cache.example/0?timeout=20ms").timeout());
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis-sentinel://a#b", "rediss-sentinel://a,b#c", "redis-cluster://a", "redis://a,b",
        "redis-socket:///r"})
    void otherKindsOfRedisAreRefusedWithAReason(String url) {
        assertTrue(RedisAddress.unsupported(url).orElseThrow().contains("not supported: name"), url);
    }

    @Test
    void ordinaryUrlsAreNotOfAnotherKind() {
        assertEquals(Optional.empty(), RedisAddress.unsupported("redis://a:p,w@cache.example:7000/3"));
        assertEquals(Optional.empty(), RedisAddress.unsupported("http://a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "redis", "redis://", "http://cache.example", "redis-socket:///run/redis.sock",
        "redis-sentinel://a#b", "redis://cache.example:port", "redis://a b"})
    void otherUrlsAreRefused(String url) {
        assertThrows(IllegalArgumentException.class, () -> new RedisAddress(url));
    }
}
