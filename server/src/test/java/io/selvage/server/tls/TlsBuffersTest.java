package io.selvage.server.tls;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TlsBuffersTest {
    private final TlsBuffers buffers = TlsBuffers.here();

    /// The memory of a buffer that is made anew again and again grows to the limit of all direct buffers.
    @Test
    void largeBuffersAreUsedAgainHoweverManyWereInUse() {
        Set<ByteBuffer> first = takeAllLarge();
        first.forEach(buffers::give);
        Set<ByteBuffer> second = takeAllLarge();
        second.forEach(buffers::give);
        assertTrue(first.size() >= 100, "large buffers: " + first.size());
        assertEquals(first.size(), second.size());
        assertTrue(first.containsAll(second), "a large buffer was made anew");
    }

    @Test
    void smallBuffersAreUsedAgainBeyondThoseOfOneCarrier() {
        Set<ByteBuffer> first = takeSmall(300);
        first.forEach(buffers::give);
        Set<ByteBuffer> second = takeSmall(300);
        second.forEach(buffers::give);
        assertTrue(first.containsAll(second), "a small buffer was made anew");
    }

    /// Until a small one comes instead.
    private Set<ByteBuffer> takeAllLarge() {
        Set<ByteBuffer> taken = Collections.newSetFromMap(new IdentityHashMap<>());
        ByteBuffer next = buffers.takeLarge();
        while (next.capacity() == TlsBuffers.LARGE) {
            taken.add(next);
            next = buffers.takeLarge();
        }
        buffers.give(next);
        return taken;
    }

    private Set<ByteBuffer> takeSmall(int count) {
        Set<ByteBuffer> taken = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int i = 0; i < count; i++) {
            taken.add(buffers.take());
        }
        return taken;
    }
}
