package io.selvage.server.http1;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class BodyBufferPoolTest {

    @Test
    void numberOfLargeBuffersIsLimited() {
        List<ByteBuffer> taken = Stream.generate(BodyBufferPool::takeLarge).limit(600).toList();
        long large = taken.stream().filter(buffer -> buffer.capacity() > BodyBufferPool.SIZE).count();
        taken.forEach(BodyBufferPool::give);

        assertTrue(large <= 256, () -> large + " large ones");
        assertEquals(BodyBufferPool.SIZE, taken.getLast().capacity());
    }
}
