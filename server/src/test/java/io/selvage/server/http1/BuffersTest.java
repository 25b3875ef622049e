package io.selvage.server.http1;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class BuffersTest {

    @Test
    void thereAreOnlySoManyLargeOnes() {
        List<ByteBuffer> taken = Stream.generate(Buffers::takeLarge).limit(600).toList();
        long large = taken.stream().filter(buffer -> buffer.capacity() > Buffers.SIZE).count();
        taken.forEach(Buffers::give);

        assertTrue(large <= 256, () -> large + " large ones");
        assertEquals(Buffers.SIZE, taken.getLast().capacity());
    }
}
