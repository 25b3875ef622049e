package io.selvage.server.http2;

import io.selvage.server.http.Headers;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

class OutputSchedulerTest {
    private final OutputScheduler scheduler = new OutputScheduler();

    private Http2Stream added(int id, int urgency) {
        Http2Stream stream = new Http2Stream(id, 100, 100);
        stream.priority(new StreamPriority(urgency, true));
        stream.offer(null, ByteBuffer.allocate(10), true);
        scheduler.add(stream);
        return stream;
    }

    @Test
    void anEmptyOneHasNoNext() {
        assertTrue(scheduler.isEmpty());
        assertNull(scheduler.next(true));
    }

    @Test
    void theMostUrgentGoFirstAndTheOthersInTheirOrder() {
        Http2Stream late = added(1, 7);
        Http2Stream first = added(3, 0);
        Http2Stream second = added(5, 0);
        assertSame(first, scheduler.next(true));
        scheduler.remove(first);
        assertSame(second, scheduler.next(true));
        scheduler.remove(second);
        assertSame(late, scheduler.next(true));
        scheduler.remove(late);
        assertTrue(scheduler.isEmpty());
    }

    @Test
    void rotationLetsTheOthersOfTheLevelGoFirst() {
        Http2Stream first = added(1, 3);
        scheduler.rotate(first);
        assertSame(first, scheduler.next(true));
        Http2Stream second = added(3, 3);
        scheduler.rotate(first);
        assertSame(second, scheduler.next(true));
        scheduler.rotate(second);
        assertSame(first, scheduler.next(true));
    }

    @Test
    void withoutAWindowOnlyWhatIsNoDataGoes() {
        added(1, 0);
        assertNull(scheduler.next(false));
        Http2Stream head = added(3, 7);
        head.offer(new Http2Stream.Head(200, Headers.EMPTY, "", "", "", false), ByteBuffer.allocate(10), true);
        assertSame(head, scheduler.next(false));
    }

    @Test
    void aStreamLeavesTheLevelAtWhichItWasQueued() {
        Http2Stream stream = added(1, 3);
        stream.priority(new StreamPriority(0, false));
        scheduler.remove(stream);
        scheduler.remove(stream);
        assertTrue(scheduler.isEmpty());
    }

    @Test
    void oneInTheMiddleCanBeRemoved() {
        Http2Stream first = added(1, 3);
        Http2Stream second = added(3, 3);
        Http2Stream third = added(5, 3);
        scheduler.remove(second);
        assertSame(first, scheduler.next(true));
        scheduler.remove(first);
        assertSame(third, scheduler.next(true));
    }
}
